public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `function_call`.
    ///
    /// Options:
    /// * `journal`: the file for the journal; none by default.
    /// * `once` (`run` or `journal`): whether a call that the journal holds from an earlier run is run again or answered from
    ///   it; by default `journal` in live sessions and `run` in recordings.
    /// * `max_journal`: the size from which on the journal is moved aside; never by default.
    /// * `max_concurrent` (16): how many calls may run at a time.
    /// * `max_queued`, `max_calls_per_turn`, `max_calls_per_session`: how many calls may wait, and how many are taken in a turn
    ///   and in a session; more are answered with an error. No limits by default, beside 65,536 calls and 256 MiB of them that
    ///   have no answer yet.
    /// * `declare`: a JSON file of OpenAI tool definitions, in place of `description` and `parameters` of the functions.
    /// * `announce` (false): whether the model is told of the functions when a session is created.
    /// * `unrouted_calls` (`answer` with `announce`, else `ignore`): what becomes of calls that no route takes.
    /// * `functions` (required): by name, what the model can call. Each has `command` (a list of words with places such as
    ///   `{city}` or `--city={city}`, and of lists of words that are left out without their argument), `worker` (a list of
    ///   words), `swift` (a name that `function(_:_:)` registered) or a kind that `executor(_:_:options:make:)` registered,
    ///   and may have `description`,
    ///   `parameters` (a JSON Schema), `timeout` (10s), `max_concurrent`, `idempotent` (false), `on_duplicate` (`allow`,
    ///   `reject` or `join`), `once` (`by`: arguments, `within`: a time), `response` (`create` or `none`), `on_interrupt`
    ///   (`finish` or `cancel`), `redact` (arguments), `approval` (`command`: a program or `ask`; `unless`: `arguments`, a
    ///   pattern; `timeout` (30s), `otherwise` (`reject` or `approve`)) and `while_waiting` (`say`, `after` (2s)). A command and
    ///   a worker also have `kill_after` (2s), `max_output` (64KiB), `env` (names), `working_directory`, `limits` (`cpu`,
    ///   `memory`, `files`) and `sandbox` (`bwrap`), and a command
    ///   `stdin` (`arguments`, `call` or `none`), `allow_dash` (false), `error_output` (`none` or `stderr`) and `output`
    ///   (`text` or `json`).
    public mutating func registerFunctionCalls() {
        register(
            "function_call", "Runs the functions that the model calls and answers it, each call once.",
            optionsWith: { FunctionCallKeys.all(with: $0) }
        ) { FunctionCallOptions.read(&$0) }
    }
}
