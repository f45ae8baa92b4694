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
