import RealtimeRouter

/// An entry for the `tests` of a routes.yml: an event of a session, and the routes that it fires by itself.
///
/// Credentials are left out, and long texts that no route asks about are cut.
struct RouteTestEntry {
    private let explanation: EventExplanation
    private let table: RouteTable

    private static let longestText = 200

    init(_ explanation: EventExplanation, _ table: RouteTable) {
        self.explanation = explanation
        self.table = table
    }

    /// The entry with the indentation that it has under `tests:`. Its values are JSON, which YAML reads too.
    ///
    /// - Throws: `ProgramEnding` for an event that is too much for a routes.yml.
    func text() throws -> String {
        let event = explanation.event
        let asked = Set(table.routes.flatMap { $0.pattern?.fieldPaths ?? [] })
        var given = Self.shortened(event.json, [], asked)
        if explanation.side == .client { given = ["direction": .string(explanation.side.rawValue), "event": given] }
        let name = JSONValue.string("\(event.type.name) at \(event.position) of \(explanation.session)")
        let facts = sessionFacts.map { "\n    \($0.key): " + Self.escaped($0.value) }.joined()
        let entry = """
              - name: \(Self.escaped(name))
                event: \(Self.escaped(given))\(facts)
                routes: \(Self.escaped(.array(routes.map { .string($0) })))
            """
        let diagnostics = Diagnostics()
        _ = YAML.read(SourceFile(path: "the test", text: "tests:\n" + entry), diagnostics)
        guard let problem = diagnostics.items.first else { return entry }
        throw ProgramEnding.unusable("event \(event.position) cannot stand in a routes.yml: \(problem.message)")
    }

    /// What routes may ask about the session: its labels, and when it was.
    private var sessionFacts: [(key: String, value: JSONValue)] {
        var facts: [(key: String, value: JSONValue)] = []
        let labels = explanation.labels.map { (key: $0.name, value: JSONValue.string($0.value)) }
        if !labels.isEmpty { facts.append(("labels", .object(JSONObject(labels)))) }
        if let moment = explanation.wallTime, table.routes.contains(where: { $0.schedule != nil }) {
            facts.append(("started", .string(Timestamp(unix: moment).description)))
        }
        return facts
    }

    /// JSON without the characters that YAML wants to see escaped.
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

    /// The routes that the event fires in a session of its own, where no `once_per` is used up.
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

    private static func shortened(_ value: JSONValue, _ path: [String], _ asked: Set<[String]>) -> JSONValue {
        if CredentialFields.holds(path) { return "***" }
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
