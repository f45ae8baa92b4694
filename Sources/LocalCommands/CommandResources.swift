/// Limits on what a command may use of the machine; nil means this process's own limit.
///
/// The kernel enforces them for the command and for every process that it starts. The program `prlimit` of util-linux
/// sets them and then executes the command. It exists only on Linux: elsewhere a command with limits does not run.
package struct CommandResources: Sendable, Hashable {
    /// The processor time in whole seconds, rounded up. The kernel kills the command after it.
    package var processorTime: Duration?
    /// The address space in bytes. A program reserves more than it uses, and much more if it has a garbage collector.
    package var memory: Int?
    /// The number of descriptors that the command may have open.
    package var openFiles: Int?
    /// The sandbox that isolates the command from the machine; nil if there is none.
    package var sandbox: CommandSandbox?

    /// The program that sets the limits.
    package static let program = "prlimit"

    /// Creates limits; by default there are none, and no sandbox.
    package init(
        processorTime: Duration? = nil, memory: Int? = nil, openFiles: Int? = nil, sandbox: CommandSandbox? = nil
    ) {
        self.processorTime = processorTime
        self.memory = memory
        self.openFiles = openFiles
        self.sandbox = sandbox
    }

    /// The options of `prlimit`; empty if nothing is limited.
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

/// A program that isolates a command from the rest of the machine.
package enum CommandSandbox: String, Sendable, Hashable, CaseIterable {
    /// Bubblewrap, on Linux: no network, no other processes, a read-only file system, its own `/tmp` and `/run`, no
    /// privileges. Only the working directory and HOME are writable.
    ///
    /// Of the files in `/tmp` and `/run`, the command sees only its program and its working directory; other data must
    /// lie elsewhere. The command ends without a grace period: bubblewrap itself gets TERM first and kills it.
    case bwrap

    /// The program that creates the sandbox.
    var program: String { rawValue }

    /// The sandbox program's options.
    ///
    /// - Parameters:
    ///   - command: the path of the program to run.
    ///   - folder: its working directory; nil for this process's working directory.
    ///   - home: the temporary HOME; nil if there is none.
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
