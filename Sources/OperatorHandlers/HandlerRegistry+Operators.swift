import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler types for operators who write no Swift: `command` and `console`.
    ///
    /// * `command`: `command` (a list of words; required), `stdin` (`event`, the default, `events` or `none`), `timeout` (10s),
    ///   `kill_after` (2s), `env`, `working_directory`, `max_concurrent` (4); with `stdin: events` instead of that `every` (0s) and
    ///   `max_events` (100).
    /// * `console`: `output` (a path; standard output by default).
    public mutating func registerOperatorHandlers() {
        register(
            "command", "Runs a command for every event, or for those that came meanwhile, with them on standard input.",
            options: CommandOptions.keys
        ) { options in CommandOptions.handler(&options) }
        let output = SectionKey.string("output", "The file to write to; `-` is standard output.").defaulting(to: "-")
        register("console", "A readable line for each event.", options: [output]) { options in
            ConsoleHandler(path: options.outputPath(output))
        }
    }
}
