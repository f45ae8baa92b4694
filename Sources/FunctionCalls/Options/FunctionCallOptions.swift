import ConfigSource
import EventRouter

/// The options of a handler of type `function_call`.
enum FunctionCallOptions {
    /// Reads them; reports what is wrong and gives nil when that leaves no handler.
    static func read(_ options: inout HandlerOptions) -> FunctionCallHandler? {
        let journal = options.outputPath(FunctionCallKeys.journal)
        let maxConcurrent = options.read(FunctionCallKeys.maxConcurrent)
        guard let functions = functions(&options) else { return nil }
        return FunctionCallHandler(functions, journal: journal, maxConcurrent: maxConcurrent, clock: options.clock)
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
