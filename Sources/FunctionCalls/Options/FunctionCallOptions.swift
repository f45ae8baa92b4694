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
        guard let functions = functions(&options) else { return nil }
        return FunctionCallHandler(
            functions, journal: journal, recordedCalls: once, maxJournal: maxJournal, maxConcurrent: maxConcurrent,
            caps: caps, clock: options.clock)
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
        guard let entries = options.read(FunctionCallKeys.functions) else { return nil }
        if entries.isEmpty {
            let key = FunctionCallKeys.functions
            options.section.error("`functions` is empty", at: key.name, help: key.form.missingHelp)
        }
        var functions: [LocalFunction] = []
        for entry in entries {
            guard
                var reader = FunctionOptions(entry, of: options),
                let function = reader.read()
            else { continue }
            functions.append(function)
        }
        return functions.count == entries.count && !entries.isEmpty ? functions : nil
    }
}
