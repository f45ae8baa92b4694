import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler types for operators who write no Swift: `command` and `console`.
    ///
    /// * `command`: `command` (a list of words; required), `stdin` (`event`, the default, or `none`), `timeout` (10s),
    ///   `kill_after`, `env`, `working_directory`.
    /// * `console`: `output` (a path; standard output by default).
    public mutating func registerOperatorHandlers() {
        register("command") { options in
            let stdin = options.section.choice("stdin", among: ["event", "none"])
            guard let command = CommandOptions.read(&options, timeout: .seconds(10)) else { return nil }
            return CommandHandler(command, givesEvent: stdin != "none")
        }
        register("console") { options in
            ConsoleHandler(path: options.outputPath("output") ?? options.surroundings.outputPath("-"))
        }
    }
}
