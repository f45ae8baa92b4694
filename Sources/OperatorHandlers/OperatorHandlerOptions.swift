import ConfigSource
public import EventRouter
import LocalCommands

extension HandlerRegistry {
    /// Registers the handler types for operators who write no Swift: `command` and `console`.
    ///
    /// * `command`: `command` (a list of words; required), `stdin` (`event`, the default, `events` or `none`),
    ///   `timeout` (10s), `kill_after` (2s), `env`, `working_directory`, and `max_concurrent` (4). With
    ///   `stdin: events`, `every` (0s) and `max_events` (100) replace `max_concurrent`.
    /// * `console`: `output` (a path; default: standard output).
    public mutating func registerOperatorHandlers() {
        register(
            "command",
            "Runs a command for every event, or for all events since its last run, with the events on standard input.",
            options: CommandOptions.keys
        ) { options in CommandOptions.handler(&options) }
        let output = SectionKey.string("output", "The file to write to; `-` is standard output.").defaulting(to: "-")
        register("console", "Writes a readable line for each event.", options: [output]) { options in
            ConsoleHandler(path: options.outputPath(output))
        }
    }
}

/// The options of a handler of type `command`.
enum CommandOptions {
    /// What a command reads from standard input.
    enum Input: String, CaseIterable {
        /// One event; the command runs for each event.
        case event
        /// All events that arrived since the command last ran.
        case events
        case none
    }

    private static let command = SectionKey.node(
        "command", .command,
        "The program and its arguments. No shell is involved; a path is relative to the folder of this file."
    ).required("a program and its arguments: `[./bin/page, --urgent]`")
    static let stdin = SectionKey<Input?>.choice(
        "stdin",
        "What the command reads from standard input: one `event` as JSON; all `events` since its last run, one per line; or nothing."
    ).defaulting(to: .event)
    private static let timeout = SectionKey.duration(
        "timeout", "How long the command may run; then its process group gets TERM."
    ).defaulting(to: CommandLimits().timeout)
    private static let killAfter = SectionKey.duration(
        "kill_after", "How long the command may run on after TERM; then its process group gets KILL."
    ).defaulting(to: CommandLimits().killAfter)
    private static let env = SectionKey.stringList(
        "env", "The names of the environment variables that the command inherits, in addition to PATH."
    ).defaultingToNone()
    private static let workingDirectory = SectionKey.string(
        "working_directory", "The folder in which the command runs, relative to the folder of this file.")

    static let maxConcurrent = SectionKey.int(
        "max_concurrent", in: 1...1024,
        "How many commands may run at the same time, each for a different session; within a session they run one after the other."
    ).defaulting(to: CommandHandler.defaultConcurrentSessions)
    private static let every = SectionKey.duration(
        "every",
        "With `stdin: events`: the minimum time between two commands. Events that arrive sooner, of all sessions, are passed together to the next command."
    ).defaulting(to: BatchPolicy().interval).only(with: stdin.name)
    private static let maxEvents = SectionKey.int(
        "max_events", in: 1...10_000,
        "With `stdin: events`: the maximum number of events per command. When as many wait, or the queue is full, the command runs before the time of `every`."
    ).defaulting(to: BatchPolicy().limit).only(with: stdin.name)

    /// All option keys.
    static let keys: [any DeclaredKey] = [
        stdin, command, timeout, killAfter, env, workingDirectory, maxConcurrent, every, maxEvents,
    ]

    /// Creates the handler; returns nil after reporting errors in the options.
    static func handler(_ options: inout HandlerOptions) -> (any EventHandler)? {
        let input = options.read(stdin)
        let concurrent = options.read(maxConcurrent)
        let batching = BatchPolicy(limit: options.read(maxEvents), interval: options.read(every))
        reportConflictingKeys(with: input, options.section)
        guard let command = read(&options) else { return nil }
        if input == .events { return CommandBatchHandler(command, batching: batching) }
        return CommandHandler(command, givesEvent: input == .event, concurrentSessions: concurrent)
    }

    private static func reportConflictingKeys(with input: Input, _ section: Section) {
        if input == .events {
            guard section.has(maxConcurrent.name) else { return }
            return section.error(
                "`max_concurrent` does not go with `stdin: events`", at: maxConcurrent.name,
                help: "one command at a time gets the events of all sessions; without `events` there is one for each")
        }
        // A misspelt `stdin` has its own error and may have been meant as `events`, so it gets no second error here.
        let configured = section.node.entries?.first { $0.name == stdin.name }?.value
        guard configured == nil || configured?.scalar?.text == input.rawValue else { return }
        for key in [every.name, maxEvents.name] where section.has(key) {
            section.error("`\(key)` goes with `stdin: events`", at: key)
        }
    }

    /// Reads the options of the command itself; returns nil after reporting errors in them.
    private static func read(_ options: inout HandlerOptions) -> LocalCommand? {
        _ = options.read(command)
        let words = options.section.stringList(command.name)
        if let words, words.isEmpty {
            options.section.error("`command` is empty", at: command.name, help: command.form.missingHelp)
        }
        var limits = CommandLimits()
        limits.timeout = options.read(timeout)
        limits.killAfter = options.read(killAfter)
        let inherited = options.read(env)
        for name in inherited where !CommandEnvironment.isName(name) {
            options.section.error(
                "`\(name)` is not the name of a variable", at: env.name, help: "names only, without values: [LANG, TZ]")
        }
        let folder = options.read(workingDirectory)
        guard let words, !words.isEmpty else { return nil }
        var local = LocalCommand(words, workingDirectory: folder, baseFolder: options.folder, limits: limits)
        if options.context.looksForPrograms, let concern = local.concern() {
            let program = options.section.node(command.name)?.list?.first ?? options.section.node
            options.diagnostics.warning(concern.message, at: program, help: concern.help)
        }
        local.environment.inherited = inherited
        return local
    }
}
