/// What a command may use of the machine; nil for as much as this process may.
///
/// The kernel holds it to that, and each process that it starts: it is set by the program `prlimit` of util-linux, which runs the
/// command in its own place. Other systems than Linux do not have it, and a command with such limits does not run there.
public struct CommandResources: Sendable, Hashable {
    /// The processor time; then it is killed. Counts in whole seconds, rounded up.
    public var processorTime: Duration?
    /// The bytes of address space: more than what it really uses, and much more for programs with a garbage collector.
    public var memory: Int?
    /// How many descriptors it may have open.
    public var openFiles: Int?

    /// The program that sets them.
    public static let program = "prlimit"

    /// Limits, none by default.
    public init(processorTime: Duration? = nil, memory: Int? = nil, openFiles: Int? = nil) {
        self.processorTime = processorTime
        self.memory = memory
        self.openFiles = openFiles
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

    /// Whether nothing is limited.
    var isEmpty: Bool { options.isEmpty }
}
