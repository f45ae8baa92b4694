/// One run of a local program: the program, its input and environment, and its limits.
///
/// No shell is involved: `arguments` reach the program unchanged, so nothing in them is interpreted. The program sees
/// standard input, output and error and no other descriptor. Its environment holds only what `environment` allows, and
/// it has no terminal. It leads its own session and process group. When it ends, in whatever way, all that is left of
/// the group is killed. To leave a daemon running, a command has to start it in a new session (`setsid`); the limits
/// below do not reach such a process.
package struct LocalCommand: Sendable, Hashable {
    /// The program and its arguments.
    ///
    /// A program with a slash is a path relative to `baseFolder`; one without a slash is searched for in PATH.
    package var arguments: [String]

    /// The bytes that the program can read from its standard input.
    package var standardInput: [UInt8]

    /// Whether ``run()`` keeps the program's standard output. If false, the output is discarded and not counted, which
    /// is cheaper when only the exit status matters.
    package var keepsOutput = true

    /// The program's environment.
    package var environment: CommandEnvironment

    /// The program's working directory, relative to `baseFolder`; nil for this process's own.
    package var workingDirectory: String?

    /// The folder that relative paths are resolved against; itself relative to this process's working directory.
    package var baseFolder: String

    /// How long the program may run, and how much of its output is kept.
    package var limits: CommandLimits

    /// Limits on the program's use of the machine.
    package var resources: CommandResources

    /// Creates a command. By default it reads no input and has the default limits.
    package init(
        _ arguments: [String],
        standardInput: [UInt8] = [],
        environment: CommandEnvironment = CommandEnvironment(),
        workingDirectory: String? = nil,
        baseFolder: String = ".",
        limits: CommandLimits = CommandLimits(),
        resources: CommandResources = CommandResources()
    ) {
        self.arguments = arguments
        self.standardInput = standardInput
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.baseFolder = baseFolder
        self.limits = limits
        self.resources = resources
    }
}

/// How long a command may run, and how much of its output is kept.
package struct CommandLimits: Sendable, Hashable {
    /// The time after the start at which the process group gets TERM.
    package var timeout: Duration

    /// The time after TERM at which the process group gets KILL.
    package var killAfter: Duration

    /// The number of bytes kept from the start of standard output. The rest is read and counted.
    package var maximumOutput: Int

    /// The number of bytes kept from the end of standard error.
    package var maximumStandardError: Int

    /// Creates limits; the defaults suit a command that answers within a conversation.
    package init(
        timeout: Duration = .seconds(10),
        killAfter: Duration = .seconds(2),
        maximumOutput: Int = 64 * 1024,
        maximumStandardError: Int = 4 * 1024
    ) {
        self.timeout = timeout
        self.killAfter = killAfter
        self.maximumOutput = maximumOutput
        self.maximumStandardError = maximumStandardError
    }
}
