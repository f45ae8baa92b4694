import RealtimeRouter
import Testing

/// The keys that the loader knows are those of the schema: no more, and no fewer.
@Suite struct SchemaKeyTests {
    /// A mapping of a routes.yml.
    struct Place: Sendable, CustomTestStringConvertible {
        let name: String
        /// A file that has a key there which nobody knows.
        let text: String
        /// The way to it in the schema.
        let path: [String]
        var testDescription: String { name }
    }

    private static let handlers = "handlers: {h: {type: console}}"
    private static let route = "{name: r, match: {type: error}, to: h}"
    private static let odd = "qqqqqqqqqqqqqqq"

    private static func file(
        handlers: String = handlers, route: String = route, more: String = "", root: String = ""
    ) -> String {
        "version: 1\n\(handlers)\nroutes: [\(route)]\n\(more)\n\(root)\n"
    }

    private static func handler(_ type: String, _ options: String = "") -> Place {
        Place(
            name: "a handler of type \(type)",
            text: file(handlers: "handlers: {h: {type: \(type), \(options)\(odd): 1}}"),
            path: ["$defs", "handler_" + type])
    }

    private static func assertion(_ keys: String, _ number: Int) -> Place {
        Place(
            name: "an assertion: \(keys)", text: file(more: "tests: [{name: a, assert: [{\(keys), \(odd): 1}]}]"),
            path: ["properties", "tests", "items", "properties", "assert", "items", "anyOf", "\(number)"])
    }

    static let places: [Place] = [
        Place(name: "the file", text: file(root: odd + ": 1"), path: []),
        handler("transcript"), handler("console"), handler("command"), handler("metrics"), handler("audio"),
        handler("function_call"),
        Place(
            name: "a function",
            text: file(handlers: "handlers: {h: {type: function_call, functions: {f: {\(odd): 1}}}}"),
            path: ["$defs", "handler_function_call", "properties", "functions", "additionalProperties"]),
        Place(
            name: "retry", text: file(handlers: "handlers: {h: {type: console, retry: {\(odd): 1}}}"),
            path: ["$defs", "handler_console", "properties", "retry"]),
        Place(name: "a route", text: file(route: "{\(odd): 1}"), path: ["properties", "routes", "items"]),
        Place(
            name: "once_per", text: file(route: "{name: r, match: {type: error}, to: h, once_per: {\(odd): 1}}"),
            path: ["properties", "routes", "items", "properties", "once_per", "anyOf", "1"]),
        Place(
            name: "unmatched", text: file(more: "unmatched: {\(odd): 1}"),
            path: ["properties", "unmatched", "anyOf", "1"]),
        Place(
            name: "dead_letters", text: file(more: "dead_letters: {\(odd): 1}"), path: ["properties", "dead_letters"]),
        Place(name: "a test", text: file(more: "tests: [{\(odd): 1}]"), path: ["properties", "tests", "items"]),
        assertion("call: f, exactly: 1", 0), assertion("event: {type: error}, exactly: 1", 1),
        assertion("never: {type: error}", 2), assertion("before: [{type: error}, {type: error}]", 3),
        assertion("within: 1s, of: {type: error}, comes: {type: error}", 4),
        Place(
            name: "the operators", text: file(route: "{name: r, match: {a: [{\(odd): 1}]}, to: h}"),
            path: ["$defs", "operator"]),
    ]

    @Test(arguments: places)
    func bothKnowTheSame(_ place: Place) throws {
        var schema = RouteFileSchema.json(.schemaTests)
        for step in place.path {
            schema = try #require(Int(step).map { schema[$0] } ?? schema[step], "\(place.path) stops at \(step)")
        }
        let inSchema = try #require(schema["properties"]?.object?.keys)
        let diagnostics = Diagnostics()
        _ = RouteConfiguration.read(
            SourceFile(path: "routes.yml", text: place.text), registry: .schemaTests, diagnostics)
        let unknown = try #require(diagnostics.items.first { $0.message.hasSuffix("`\(Self.odd)`") })
        let help = try #require(unknown.help)
        // "known keys: `a`, `b`"
        let known = help.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        #expect(known.sorted() == inSchema.sorted())
        #expect(schema["additionalProperties"] == .bool(false))
    }

    @Test func everyKeyIsDescribed() throws {
        let undescribed = Self.undescribed(RouteFileSchema.json(.standard), "")
        #expect(undescribed == [])
    }

    /// The paths of all properties that say nothing about themselves.
    private static func undescribed(_ schema: JSONValue, _ path: String) -> [String] {
        var found: [String] = []
        for (key, value) in schema.object ?? [:] {
            guard key == "properties" else {
                found += undescribed(value, path)
                continue
            }
            for (name, property) in value.object ?? [:] where property["const"] == nil {
                if property["description"] == nil { found.append(path + "/" + name) }
                found += undescribed(property, path + "/" + name)
            }
        }
        for element in schema.array ?? [] { found += undescribed(element, path) }
        return found
    }
}
