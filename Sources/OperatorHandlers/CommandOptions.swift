import ConfigSource
import EventRouter
import LocalCommands

/// The options of a handler of type `command`: how a local command is run.
enum CommandOptions {
    /// What a command reads.
    enum Input: String, CaseIterable {
        case event
        case none
    }

    private static let command = SectionKey.node(
        "command", .command,
        "The program and its arguments. No shell is involved; a path is relative to the folder of this file."
    ).required("a program and its arguments: `[./bin/page, --urgent]`")
    static let stdin = SectionKey<Input?>.choice(
        "stdin", "What the command reads: the event as JSON, or nothing."
    ).defaulting(to: .event)
    private static let timeout = SectionKey.duration(
        "timeout", "How long it may run; then its process group gets TERM."
    ).defaulting(to: CommandLimits().timeout)
    private static let killAfter = SectionKey.duration(
        "kill_after", "How long it has after TERM; then its process group gets KILL."
    ).defaulting(to: CommandLimits().killAfter)
    private static let env = SectionKey.stringList(
        "env", "The names of the variables of our environment that it sees, beside PATH."
    ).defaultingToNone()
    private static let workingDirectory = SectionKey.string(
        "working_directory", "The folder it runs in, relative to the folder of this file.")

    static let maxConcurrent = SectionKey.int(
        "max_concurrent", in: 1...1024,
        "How many commands may run at a time for the sessions of one source; within a session they run one after the other."
    ).defaulting(to: CommandHandler.defaultConcurrentSessions)

    /// All of them.
    static let keys: [any DeclaredKey] = [stdin, command, timeout, killAfter, env, workingDirectory, maxConcurrent]

    /// Reads all but `stdin` and `max_concurrent`; reports what is wrong and gives `nil`.
    static func read(_ options: inout HandlerOptions) -> LocalCommand? {
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
        if options.surroundings.looksForPrograms, let concern = local.concern() {
            let program = options.section.node(command.name)?.list?.first ?? options.section.node
            options.diagnostics.warning(concern.message, at: program, help: concern.help)
        }
        local.environment.inherited = inherited
        return local
    }
}
