/// One run of a local program: what to run, with what, and how far it may go.
///
/// There is no shell anywhere: `arguments` reach the program as they are, so nothing in them is ever interpreted.
/// The program sees standard input, output and error and no other descriptor, an environment that holds only what
/// `environment` lets through, and has no terminal. It leads a session and process group of its own; when it ends,
/// however it ends, whatever is left of that group is killed. A command that wants to leave a daemon behind has to
/// give it a session of its own (`setsid`), and such a process is out of reach for the limits below too.
package struct LocalCommand: Sendable, Hashable {
    /// The program and its arguments.
    ///
    /// A program with a slash is a path, relative to `baseFolder`; one without is looked up in PATH.
    package var arguments: [String]

    /// What the program can read from its standard input.
    package var standardInput: [UInt8]

    /// Whether ``run()`` takes in what the program writes to its standard output. Where it does not that goes nowhere, and is not
    /// counted: cheaper for a command of which nobody wants to know more than how it fared.
    package var keepsOutput = true

    /// What the program finds in its environment.
    package var environment: CommandEnvironment

    /// The folder in which the program runs, relative to `baseFolder`; nil: this process's own.
    package var workingDirectory: String?

    /// The folder that relative paths start from; itself relative to this process's working directory.
    package var baseFolder: String

    /// How long it may run and how much it may say.
    package var limits: CommandLimits

    /// What it may use of the machine.
    package var resources: CommandResources

    /// A command that reads no input and gets the default limits.
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

/// How long a command may run and how much of what it says is kept.
package struct CommandLimits: Sendable, Hashable {
    /// The time from its start after which its process group gets TERM.
    package var timeout: Duration

    /// The time that it has after TERM; then its process group gets KILL.
    package var killAfter: Duration

    /// The bytes of standard output that are kept, from the beginning; the rest is read and counted.
    package var maximumOutput: Int

    /// The bytes of standard error that are kept, from the end.
    package var maximumStandardError: Int

    /// Limits for a command that answers within a conversation.
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
