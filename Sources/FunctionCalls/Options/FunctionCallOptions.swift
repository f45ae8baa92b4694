import ConfigSource
import EventRouter

/// The options of a handler of type `function_call`.
enum FunctionCallOptions {
    /// Reads them; reports what is wrong and gives nil when that leaves no handler.
    static func read(_ options: inout HandlerOptions) -> FunctionCallHandler? {
        let journal = options.outputPath("journal")
        let maxConcurrent = options.section.int("max_concurrent", in: 1...1024) ?? 16
        guard let functions = functions(&options) else { return nil }
        return FunctionCallHandler(functions, journal: journal, maxConcurrent: maxConcurrent, clock: options.clock)
    }

    private static func functions(_ options: inout HandlerOptions) -> [LocalFunction]? {
        let help = "name what the model can call: `functions: { get_weather: { command: [./bin/get-weather] } }`"
        guard options.section.has("functions") else {
            _ = options.section.node("functions")
            options.diagnostics.error("\(options.section.what) needs `functions`", at: options.section.node, help: help)
            return nil
        }
        guard let entries = options.section.entries("functions") else { return nil }
        if entries.isEmpty { options.section.error("`functions` is empty", at: "functions", help: help) }
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
