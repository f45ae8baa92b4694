import ConfigSource
public import EventRouter

/// Reads the options of a handler of type `function_call`.
enum FunctionCallOptions {
    /// Reads the options. Reports errors, and returns nil if no handler can be created.
    static func read(_ options: inout HandlerOptions) -> FunctionCallHandler? {
        let journal = options.outputPath(FunctionCallKeys.journal)
        let once = options.read(FunctionCallKeys.once)
        let maxJournal = options.read(FunctionCallKeys.maxJournal)
        checkJournal(options.section)
        let maxConcurrent = options.read(FunctionCallKeys.maxConcurrent)
        let caps = CallCaps(
            queued: options.read(FunctionCallKeys.maxQueued), perTurn: options.read(FunctionCallKeys.maxCallsPerTurn),
            perSession: options.read(FunctionCallKeys.maxCallsPerSession))
        let announces = options.read(FunctionCallKeys.announce)
        let unroutedCalls = options.read(FunctionCallKeys.unroutedCalls)
        guard let functions = functions(&options) else { return nil }
        return FunctionCallHandler(
            functions, journal: journal, recordedCalls: once, maxJournal: maxJournal, maxConcurrent: maxConcurrent,
            caps: caps, announces: announces, unroutedCalls: unroutedCalls, clock: options.clock,
            executor: options.context.executor, files: options.context.files)
    }

    /// Reports options that need a journal in a file, if there is none.
    private static func checkJournal(_ section: Section) {
        let path = section.node["journal"]?.string
        guard path == nil || path == "-" else { return }
        let reason = path == nil ? "there is no journal" : "standard output is not a file"
        let keys = [FunctionCallKeys.once.name, FunctionCallKeys.maxJournal.name].filter { key in
            key == "max_journal" ? section.has(key) : section.node[key]?.string == "journal"
        }
        for key in keys {
            section.error(
                "`\(key)` needs a journal in a file, and \(reason)", at: key, help: "add `journal: calls.jsonl`")
        }
    }

    private static func functions(_ options: inout HandlerOptions) -> [LocalFunction]? {
        let declared = declarations(&options)
        guard let entries = options.read(FunctionCallKeys.functions(of: options.executors)) else { return nil }
        if entries.isEmpty {
            let key = FunctionCallKeys.functions(of: options.executors)
            options.section.error("`functions` is empty", at: key.name, help: key.form.missingHelp)
        }
        let isDeclared = declared?.check(entries, of: options.section) ?? true
        var functions: [LocalFunction] = []
        for entry in entries {
            guard
                var reader = FunctionOptions(entry, of: options, declared: declared?[entry.name]),
                let function = reader.read()
            else { continue }
            functions.append(function)
        }
        return functions.count == entries.count && !entries.isEmpty && isDeclared ? functions : nil
    }

    /// The declarations in the file that `declare` names; nil if there is no such file or it is invalid.
    private static func declarations(_ options: inout HandlerOptions) -> ToolDeclarations? {
        guard let path = options.inputPath(FunctionCallKeys.declare),
            let key = options.section.node(FunctionCallKeys.declare.name)
        else { return nil }
        return ToolDeclarations.read(path, key: key, options.diagnostics)
    }
}

extension HandlerRegistry {
    /// Registers the handler type `function_call`.
    ///
    /// Options:
    /// * `journal`: the path of the journal; default: none.
    /// * `once` (`run` or `journal`): whether a call that the journal has from an earlier run is run again or answered
    ///   from the journal; default: `journal` in live sessions, `run` in recordings.
    /// * `max_journal`: the size at which the journal is renamed; default: never.
    /// * `max_concurrent` (16): the maximum number of running calls.
    /// * `max_queued`, `max_calls_per_turn`, `max_calls_per_session`: how many calls may wait, and how many are
    ///   accepted in a turn and in a session; further calls are answered with an error. Default: no limits, apart from
    ///   65,536 calls and 256 MiB without an answer.
    /// * `declare`: a JSON file of OpenAI tool definitions; replaces `description` and `parameters` of the functions.
    /// * `announce` (false): whether the functions are announced to the model when a session is created.
    /// * `unrouted_calls` (`answer` with `announce`, else `ignore`): what happens to calls that no route matches.
    /// * `functions` (required): the functions by name.
    ///
    /// Each function has one of these keys: `command` (a list of words with placeholders such as `{city}` or
    /// `--city={city}`, and of optional groups of words), `worker` (a list of words), `swift` (a name registered by
    /// `function(_:_:)`), or a kind registered by `executor(_:_:options:make:)`. All functions may have `description`,
    /// `parameters` (a JSON Schema), `timeout` (10s), `max_concurrent`, `idempotent` (false), `on_duplicate` (`allow`,
    /// `reject` or `join`), `once` (`by`: arguments, `within`: a time), `response` (`create` or `none`), `on_interrupt`
    /// (`finish` or `cancel`), `redact` (arguments), `approval` (`command`: a program or `ask`; `unless`: `arguments`,
    /// a pattern; `timeout` (30s), `otherwise` (`reject` or `approve`)) and `while_waiting` (`say`, `after` (2s)).
    ///
    /// A command and a worker also have `kill_after` (2s), `max_output` (64KiB), `env` (names), `working_directory`,
    /// `limits` (`cpu`, `memory`, `files`) and `sandbox` (`bwrap`). A command also has `stdin` (`arguments`, `call` or
    /// `none`), `allow_dash` (false), `error_output` (`none` or `stderr`) and `output` (`text` or `json`).
    public mutating func registerFunctionCalls() {
        register(
            "function_call", "Runs the functions that the model calls, each call once, and sends it the results.",
            optionsWith: { FunctionCallKeys.all(with: $0) }
        ) { FunctionCallOptions.read(&$0) }
    }
}

/// The option keys of a handler of type `function_call`.
enum FunctionCallKeys {
    static let journal = SectionKey.string(
        "journal", "The file that gets a line when a call starts and one when it ends; `-` is standard output.")
    static let once = SectionKey<RecordedCalls?>.choice(
        "once",
        "Whether a call that the journal has from an earlier run is run again (the default for recordings) or answered from the journal (the default for live sessions)."
    )
    static let maxJournal = SectionKey.byteSize(
        "max_journal", in: 1...(1 << 40),
        "The size at which the journal is renamed to its name with `.1`, `.2` and so on.")
    static let maxConcurrent = SectionKey.int("max_concurrent", in: 1...1024, "How many calls may run at a time.")
        .defaulting(to: 16)
    static let maxQueued = SectionKey.int(
        "max_queued", in: 0...1_000_000,
        "How many calls may wait for others to finish; further calls are answered with an error.")
    static let maxCallsPerTurn = SectionKey.int(
        "max_calls_per_turn", in: 1...1_000_000,
        "How many calls are accepted in a turn of a session; further calls are answered with an error.")
    static let maxCallsPerSession = SectionKey.int(
        "max_calls_per_session", in: 1...1_000_000,
        "How many calls are accepted in a session; further calls are answered with an error.")
    static func functions(of kinds: [ExecutorKind]) -> SectionKey<[Node.Entry]?> {
        SectionKey.entries(
            "functions", of: .section(FunctionKeys.form(with: kinds)), atLeast: 1,
            "The functions that the model can call, by name."
        ).required("name what the model can call: `functions: { get_weather: { command: [./bin/get-weather] } }`")
    }

    static let declare = SectionKey.string(
        "declare",
        "A JSON file of OpenAI tool definitions with the `description` and `parameters` of the functions; relative to the folder of this file."
    )
    static let announce = SectionKey.bool(
        "announce",
        "Whether the router announces the functions to the model, in a `session.update` when a session is created."
    ).defaulting(to: false)
    static let unroutedCalls = SectionKey<FunctionCallHandler.UnroutedCalls?>.choice(
        "unrouted_calls",
        "What happens to calls that no route matches: the router answers them with an error (the default with `announce`), or ignores them."
    )

    /// All option keys; functions can have these kinds in addition to the built-in ones.
    static func all(with kinds: [ExecutorKind]) -> [any DeclaredKey] {
        [
            journal, once, maxJournal, maxConcurrent, maxQueued, maxCallsPerTurn, maxCallsPerSession, declare, announce,
            unroutedCalls, functions(of: kinds),
        ]
    }
}
