import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler types for operators who write no Swift: `command` and `console`.
    ///
    /// * `command`: `command` (a list of words; required), `stdin` (`event`, the default, or `none`), `timeout` (10s),
    ///   `kill_after` (2s), `env`, `working_directory`, `max_concurrent` (4).
    /// * `console`: `output` (a path; standard output by default).
    public mutating func registerOperatorHandlers() {
        register(
            "command", "Runs a command for every event, with the event on standard input.", options: CommandOptions.keys
        ) { options in
            let input = options.read(CommandOptions.stdin)
            let concurrent = options.read(CommandOptions.maxConcurrent)
            guard let command = CommandOptions.read(&options) else { return nil }
            return CommandHandler(command, givesEvent: input == .event, concurrentSessions: concurrent)
        }
        let output = SectionKey.string("output", "The file to write to; `-` is standard output.").defaulting(to: "-")
        register("console", "A readable line for each event.", options: [output]) { options in
            ConsoleHandler(path: options.outputPath(output))
        }
    }
}
