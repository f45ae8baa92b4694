import RealtimeRouter

/// An entry for the `tests` of a routes.yml: an event of a session, and the routes that it fires by itself.
///
/// Credentials are left out, and long texts that no route asks about are cut.
struct RouteTestEntry: CustomStringConvertible {
    private let explanation: EventExplanation
    private let table: RouteTable

    private static let longestText = 200

    init(_ explanation: EventExplanation, _ table: RouteTable) {
        self.explanation = explanation
        self.table = table
    }

    /// The entry with the indentation that it has under `tests:`. Its values are JSON, which YAML reads too.
    var description: String {
        let event = explanation.event
        let name = JSONValue.string("\(event.type.name) at \(event.position) of \(explanation.session)")
        let asked = Set(table.routes.flatMap { $0.pattern?.fieldPaths ?? [] })
        let routes = JSONValue.array(routes.map { .string($0) })
        return """
              - name: \(name)
                event: \(Self.shortened(event.json, [], asked))
                routes: \(routes)
            """
    }

    /// The routes that the event fires in a session of its own, where no `once_per` is used up.
    private var routes: [String] {
        var names: [String] = []
        for (route, verdict) in zip(table.routes, explanation.verdicts) {
            switch verdict.outcome {
            case .fired, .alreadyFired: names.append(route.name)
            case .stopped, .notMadeFor, .failed: continue
            }
            if route.stop { break }
        }
        return names
    }

    private static func shortened(_ value: JSONValue, _ path: [String], _ asked: Set<[String]>) -> JSONValue {
        if SecretFields.holds(path) { return "***" }
        switch value {
        case .object(let members):
            var object = JSONObject()
            for (key, member) in members { object.append(key, shortened(member, path + [key], asked)) }
            return .object(object)
        case .array(let elements): return .array(elements.map { shortened($0, path, asked) })
        case .string(let text) where text.utf8.count > longestText && !asked.contains(path):
            return .string(String(text.prefix(longestText)) + "…")
        default: return value
        }
    }
}
