import RealtimeRouter

/// An entry for the `tests` of a routes.yml: an event, and the routes that it fires when it is the only event of a
/// session.
///
/// The entry masks credentials and truncates long strings in fields that no route tests.
struct RouteTestEntry {
    private let explanation: EventExplanation
    private let table: RouteTable

    private static let maxTextLength = 200

    init(_ explanation: EventExplanation, _ table: RouteTable) {
        self.explanation = explanation
        self.table = table
    }

    /// The entry, indented for `tests:`. Its values are JSON, which is also YAML.
    ///
    /// - Throws: `ProgramExit` if the entry exceeds the limits of a routes.yml.
    func text() throws -> String {
        let event = explanation.event
        let matchedPaths = Set(table.routes.flatMap { $0.pattern?.fieldPaths ?? [] })
        var input = Self.shortened(event.json, [], matchedPaths)
        if explanation.side == .client { input = ["direction": .string(explanation.side.rawValue), "event": input] }
        let name = JSONValue.string("\(event.type.name) at \(event.position) of \(explanation.session)")
        let attributes = sessionAttributes.map { "\n    \($0.key): " + Self.escaped($0.value) }.joined()
        let entry = """
              - name: \(Self.escaped(name))
                event: \(Self.escaped(input))\(attributes)
                routes: \(Self.escaped(.array(routes.map { .string($0) })))
            """
        let diagnostics = Diagnostics()
        _ = YAML.read(SourceFile(path: "the test", text: "tests:\n" + entry), diagnostics)
        guard let problem = diagnostics.items.first else { return entry }
        throw ProgramExit.unusable("event \(event.position) cannot be written in a routes.yml: \(problem.message)")
    }

    /// The session's attributes that routes can match: its labels, and its start if a route has `when`.
    private var sessionAttributes: [(key: String, value: JSONValue)] {
        var attributes: [(key: String, value: JSONValue)] = []
        let labels = explanation.labels.map { (key: $0.name, value: JSONValue.string($0.value)) }
        if !labels.isEmpty { attributes.append(("labels", .object(JSONObject(labels)))) }
        if let moment = explanation.wallTime, table.routes.contains(where: { $0.schedule != nil }) {
            attributes.append(("started", .string(Timestamp(unix: moment).description)))
        }
        return attributes
    }

    /// JSON in which the characters that YAML does not allow are escaped.
    private static func escaped(_ value: JSONValue) -> String {
        var text = ""
        for scalar in value.description.unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The routes that the event fires in a new session, before any `once_per` route has fired.
    private var routes: [String] {
        var names: [String] = []
        for (route, verdict) in zip(table.routes, explanation.verdicts) {
            switch verdict.outcome {
            case .fired, .discarded, .alreadyFired: names.append(route.name)
            case .outsideSchedule, .stopped, .notMadeFor, .otherSide, .failed: continue
            }
            if route.stop { break }
        }
        return names
    }

    private static func shortened(_ value: JSONValue, _ path: [String], _ matchedPaths: Set<[String]>) -> JSONValue {
        if CredentialFields.holds(path) { return "***" }
        switch value {
        case .object(let members):
            var object = JSONObject()
            for (key, member) in members { object.append(key, shortened(member, path + [key], matchedPaths)) }
            return .object(object)
        case .array(let elements): return .array(elements.map { shortened($0, path, matchedPaths) })
        case .string(let text) where text.utf8.count > maxTextLength && !matchedPaths.contains(path):
            return .string(String(text.prefix(maxTextLength)) + "…")
        default: return value
        }
    }
}
