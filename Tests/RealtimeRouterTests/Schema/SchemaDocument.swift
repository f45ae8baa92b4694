import RealtimeRouter
import Testing

/// The text of a routes.yml, and where a validator finds something wrong with it.
struct SchemaDocument: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// The places, as JSON paths; none when the file is right.
    let places: [String]
    var testDescription: String { name }

    static let base = """
        version: 1
        lists: {home: [lights_on, 5]}
        handlers:
          log: {type: transcript, output: t.jsonl}
          out: {type: console}
          tools: {type: function_call, functions: {f: {command: [./f]}}}
          page: {type: command, command: [./page]}
          mine: {type: free, whatever: [1, {a: b}]}
        routes:
          - {name: all, to: [log, tools]}
          - {name: more, match: {type: error}, to: [out, page, mine]}

        """

    /// The base with a change.
    init(_ name: String, _ old: String, _ new: String, at places: [String] = []) {
        precondition(Self.base.contains(old), "\(name) changes what is not there")
        self.name = name
        self.places = places
        text = Self.base.replacing(old, with: new)
    }

    /// The base with a match.
    init(match: String, at places: [String] = []) {
        self.init("match: " + match, "match: {type: error}", "match: " + match, at: places)
    }

    /// The base with something at its end.
    init(more: String, at places: [String] = []) {
        self.init(name: "at the end: " + more, text: Self.base + more + "\n", places: places)
    }

    init(name: String, text: String, places: [String]) {
        self.name = name
        self.text = text
        self.places = places
    }

    /// What the loader says is wrong with it.
    var errors: [String] { Self.errors(in: text) }

    /// What the loader says is wrong with a file.
    static func errors(in text: String) -> [String] {
        let diagnostics = Diagnostics()
        _ = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: text), registry: .schemaTests,
            context: HandlerContext(variable: { ["LIMIT": "5", "WAIT": "5s"][$0] }), diagnostics)
        return diagnostics.items.filter { $0.severity == .error }.map(\.message)
    }
}

extension HandlerRegistry {
    /// The types that come with the router, those of the examples, and `free` and `ticker`, whose options nobody
    /// declared.
    static var schemaTests: HandlerRegistry {
        var registry = HandlerRegistry.standard
        registry.register("free") { options in
            options.section.know(["whatever"])
            return ConsoleHandler()
        }
        registry.register("alarm") { options in
            options.section.know(["limit", "greeting"])
            return ConsoleHandler()
        }
        registry.source("ticker") { options in
            options.section.know(["whatever"])
            return PipeSource()
        }
        registry.function("roll_dice") { _ in FunctionCallResult("4") }
        return registry
    }
}
