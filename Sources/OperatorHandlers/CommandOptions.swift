import ConfigSource
import EventRouter
import LocalCommands

/// The options that say how a local command is run.
enum CommandOptions {
    /// Reads `command`, `timeout`, `kill_after`, `env`, `working_directory`; reports what is wrong and gives `nil`.
    static func read(_ options: inout HandlerOptions, timeout: Duration) -> LocalCommand? {
        let words = options.section.stringList("command")
        if let words, words.isEmpty {
            options.section.error(
                "`command` is empty", at: "command", help: "a program and its arguments: [./bin/page, --urgent]")
        } else if words == nil && !options.section.has("command") {
            options.diagnostics.error(
                "\(options.section.what) needs `command`", at: options.section.node,
                help: "a program and its arguments: [./bin/page, --urgent]")
        }
        var limits = CommandLimits()
        limits.timeout = options.section.duration("timeout") ?? timeout
        if let killAfter = options.section.duration("kill_after") { limits.killAfter = killAfter }
        let inherited = options.section.stringList("env") ?? []
        for name in inherited where !CommandEnvironment.isName(name) {
            options.section.error(
                "`\(name)` is not the name of a variable", at: "env", help: "names only, without values: [LANG, TZ]")
        }
        let folder = options.section.string("working_directory")
        guard let words, !words.isEmpty else { return nil }
        return LocalCommand(
            words, environment: CommandEnvironment(inherited: inherited), workingDirectory: folder,
            baseFolder: options.folder, limits: limits)
    }
}
