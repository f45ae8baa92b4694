/// What a command may use of the machine; nil for as much as this process may.
///
/// The kernel holds it to that, and each process that it starts: limits are set by the program `prlimit` of util-linux, which runs the
/// command in its own place. Other systems than Linux do not have it, and a command with such limits does not run there.
package struct CommandResources: Sendable, Hashable {
    /// The processor time; then it is killed. Counts in whole seconds, rounded up.
    package var processorTime: Duration?
    /// The bytes of address space: more than what it really uses, and much more for programs with a garbage collector.
    package var memory: Int?
    /// How many descriptors it may have open.
    package var openFiles: Int?
    /// What keeps it apart from the rest of the machine; nil for nothing.
    package var sandbox: CommandSandbox?

    /// The program that sets the limits.
    package static let program = "prlimit"

    /// Limits and a sandbox, none by default.
    package init(
        processorTime: Duration? = nil, memory: Int? = nil, openFiles: Int? = nil, sandbox: CommandSandbox? = nil
    ) {
        self.processorTime = processorTime
        self.memory = memory
        self.openFiles = openFiles
        self.sandbox = sandbox
    }

    /// The options of `prlimit`; none when nothing is limited.
    var options: [String] {
        var options: [String] = []
        if let processorTime {
            let (seconds, rest) = processorTime.components
            options.append("--cpu=\(max(seconds + (rest > 0 ? 1 : 0), 1))")
        }
        if let memory { options.append("--as=\(memory)") }
        if let openFiles { options.append("--nofile=\(openFiles)") }
        return options
    }
}

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
