/// What keeps a command apart from the rest of the machine.
package enum CommandSandbox: String, Sendable, Hashable, CaseIterable {
    /// Bubblewrap, on Linux: no network, no other processes, a system that can only be read, `/tmp` and `/run` of its own, no
    /// privileges. The working directory and HOME can be written.
    ///
    /// A program and its data have to be where they can be read: of what lies in `/tmp` and `/run` only the program itself and the
    /// working directory are there. When it has to end, it is killed at once: TERM reaches bubblewrap first.
    case bwrap

    /// The program that makes it.
    var program: String { rawValue }

    /// The options of that program.
    ///
    /// - Parameters:
    ///   - command: the path of the program that is to run.
    ///   - folder: its working directory, if it has one of its own.
    ///   - home: a folder that is made for it, if one is.
    func options(_ command: String, folder: String?, home: String?) -> [String] {
        var options = [
            "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc",
            "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run",
        ]
        if ["/tmp/", "/run/"].contains(where: command.hasPrefix) { options += ["--ro-bind", command, command] }
        if let home { options += ["--bind", home, home] }
        if let folder { options += ["--bind", folder, folder, "--chdir", folder] }
        return options
    }
}
