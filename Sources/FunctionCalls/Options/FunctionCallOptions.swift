import ConfigSource
import EventRouter

/// The options of a handler of type `function_call`.
enum FunctionCallOptions {
    /// Reads them; reports what is wrong and gives nil when that leaves no handler.
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
            executor: options.surroundings.executor, files: options.surroundings.files)
    }

    /// What is remembered or moved aside has to be a file.
    private static func checkJournal(_ section: Section) {
        let path = section.node["journal"]?.string
        guard path == nil || path == "-" else { return }
        let reason = path == nil ? "there is no journal" : "standard output is none"
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

    /// What the file says that `declare` names; nil when there is none, or none that can be read.
    private static func declarations(_ options: inout HandlerOptions) -> ToolDeclarations? {
        guard let path = options.inputPath(FunctionCallKeys.declare),
            let key = options.section.node(FunctionCallKeys.declare.name)
        else { return nil }
        return ToolDeclarations.read(path, key: key, options.diagnostics)
    }
}
