import Foundation
import RealtimeRouter

/// Tables of the fields of events and of the objects in them.
struct FieldTables {
    /// The file that has the objects with a section of their own.
    static let objectFile = "event-objects.md"

    private let documented: DocumentedTypes
    private let examples: FieldExamples
    /// The objects that have a section of their own, by the name of their type.
    private let shared: [String: any WireObject.Type]

    init(_ documented: DocumentedTypes, _ samples: EventSamples) {
        self.documented = documented
        examples = FieldExamples(samples)
        shared = Self.sharedObjects()
    }

    /// A row of a table.
    private struct Row {
        let path: String
        let kind: String
        let meaning: String
        let values: String
    }

    // MARK: - Tables

    /// The table of an event's own fields, and what the router's values mean.
    func table(
        of form: any WireObject.Type, for type: String, from side: SessionSide, isDerived: Bool = false
    ) -> [String] {
        let name = String(describing: form)
        var rows: [Row] = []
        if isDerived, let turn = documented.headComment(of: name)?.firstMatch(of: /`turn` is (.+)/) {
            let meaning = documented.prose(turn.1.prefix(1).uppercased() + turn.1.dropFirst(), in: name)
            rows.append(Row(path: "turn", kind: "integer", meaning: meaning, values: ""))
        }
        let common = isDerived ? Self.headNames : ["type", "event_id"]
        rows += self.rows(of: form, path: [], without: common) { examples.value(of: $0, in: type, from: side) }
        guard !rows.isEmpty else { return ["It has no other fields."] }
        return [Self.table(rows)] + (isDerived ? valueList(of: form) : [])
    }

    /// The table of the fields that every derived event has.
    var headTable: String {
        let head = SessionStarted.self
        let rows = self.rows(of: head, path: [], without: []) {
            examples.value(of: $0, in: "router.session.started", from: .server)
        }
        return Self.table(rows.filter { Self.headNames.contains($0.path) })
    }

    private static let headNames = ["type", "event_id", "session", "session_id", "labels", "turn", "cause"]

    /// A section for each object that several events have.
    var objectSections: [String] {
        shared.sorted { Self.title($0.key) < Self.title($1.key) }.map { name, form in
            let rows = self.rows(of: form, path: [], without: []) { examples.value(of: $0, in: name) }
            let summary = documented.prose(documented.summaries[name] ?? "", in: name)
            return "## \(Self.title(name))\n\n\(summary)\n\n\(Self.table(rows))"
        }
    }

    private static func table(_ rows: [Row]) -> String {
        let lines = rows.map { row in
            "| `\(row.path)` | \(row.kind) | \(row.meaning.replacing("|", with: "\\|")) | \(row.values) |"
        }
        return (["| field | type | meaning | values |", "|---|---|---|---|"] + lines).joined(separator: "\n")
    }

    private func rows(
        of form: any WireObject.Type, path: [String], without left: [String] = [], _ example: ([String]) -> String?
    ) -> [Row] {
        let owner = String(describing: form)
        return form.fieldShapes.filter { !left.contains($0.name) }.flatMap { name, shape -> [Row] in
            let place = path + [name]
            let row = Row(
                path: place.joined(separator: "."), kind: kind(of: shape),
                meaning: meaning(of: name, in: owner),
                values: Self.values(of: shape) ?? example(place).map { "such as `\($0)`" } ?? "")
            let inner = Self.objects(in: shape).filter { shared[String(describing: $0)] == nil }
            return [row] + inner.flatMap { rows(of: $0, path: place, example) }
        }
    }

    private func meaning(of name: String, in owner: String) -> String {
        if let meaning = Self.meanings["\(owner).\(name)"] { return meaning }
        return documented.prose(documented.fields[owner]?[name]?.comment ?? "", in: owner)
    }

    /// Meanings in place of doc comments that are about the property and not about the field.
    private static let meanings: [String: String] = {
        let occurrence =
            "The number of the call among those of the session with the same `call_id`; absent for the first."
        return [
            "FunctionCallOutcome.occurrence": occurrence, "ErrorRaised.occurrence": occurrence,
            "TurnStalled.occurrence": occurrence, "FunctionCallOutcome.name": "The function's name.",
            "FunctionCallOutcome.arguments":
                "The arguments: an object, or a string if the model wrote no valid JSON object.",
        ]
    }()

    // MARK: - Types and values

    private func kind(of shape: WireShape) -> String {
        switch shape {
        case .string: return "string"
        case .integer: return "integer"
        case .number: return "number"
        case .boolean: return "boolean"
        case .any: return "any JSON"
        case .array(let element): return "array of " + kind(of: element)
        case .map(let value): return "map to " + kind(of: value)
        case .object(let form):
            let name = String(describing: form)
            guard shared[name] != nil else { return "object" }
            return "[\(Self.title(name))](\(Self.objectFile)#\(EventReference.anchor(Self.title(name))))"
        case .oneOf(let shapes):
            var kinds: [String] = []
            for kind in shapes.map({ kind(of: $0) }) where !kinds.contains(kind) { kinds.append(kind) }
            return kinds.joined(separator: " or ")
        }
    }

    /// The values that the protocol names for the strings here; nil if it names none.
    private static func values(of shape: WireShape) -> String? {
        switch shape {
        case .string(let known, let isClosed):
            guard !known.isEmpty else { return nil }
            return known.map { "`\($0)`" }.joined(separator: ", ") + (isClosed ? "" : ", …")
        case .array(let element): return values(of: element)
        case .oneOf(let shapes): return shapes.lazy.compactMap { values(of: $0) }.first
        case .integer, .number, .boolean, .any, .map, .object: return nil
        }
    }

    /// What the values of a derived event's fields mean.
    private func valueList(of form: any WireObject.Type) -> [String] {
        let owner = String(describing: form)
        let lists = form.fieldShapes.compactMap { name, shape -> String? in
            guard case .string(_, true) = shape, let type = documented.fields[owner]?[name]?.type,
                let values = documented.values[type]
            else { return nil }
            let lines = values.map { "  * `\($0.text)`: \(documented.prose($0.comment, in: type))" }
            return "* `\(name)`\n" + lines.joined(separator: "\n")
        }
        return lists.isEmpty ? [] : ["Values:", lists.joined(separator: "\n")]
    }

    /// Fields of known events, and values of the router's own, that have no sentence.
    var undescribed: [String] {
        var missing: [String] = []
        for form in Self.allObjects() {
            let owner = String(describing: form)
            for (name, shape) in form.fieldShapes {
                let field = documented.fields[owner]?[name]
                if field?.comment.isEmpty != false { missing.append("\(owner).\(name)") }
                if case .string(let known, true) = shape {
                    let described = documented.values[field?.type ?? ""]?.filter { !$0.comment.isEmpty }.map(\.text)
                    missing += Set(known).subtracting(described ?? []).sorted().map { "\(owner).\(name): \($0)" }
                }
            }
        }
        return missing
    }
}

// MARK: - Objects

extension FieldTables {
    /// The forms of all known events.
    private static var events: [any WireObject.Type] {
        let shapes = EventFields.clientTypes.flatMap { EventFields.shapes(ofClientType: $0) }
        return EventReference.types.flatMap(\.payloadTypes) + shapes.flatMap(objects)
    }

    /// The objects that stand at a place.
    private static func objects(in shape: WireShape) -> [any WireObject.Type] {
        switch shape {
        case .string, .integer, .number, .boolean, .any: []
        case .array(let inner), .map(let inner): objects(in: inner)
        case .oneOf(let shapes): shapes.flatMap(objects)
        case .object(let form): [form]
        }
    }

    /// All objects that known events have, the events included.
    private static func allObjects() -> [any WireObject.Type] {
        var found: [any WireObject.Type] = []
        var next = events
        while let form = next.popLast() {
            guard !found.contains(where: { $0 == form }) else { continue }
            found.append(form)
            next += form.fieldShapes.flatMap { objects(in: $0.shape) }
        }
        return found.sorted { String(describing: $0) < String(describing: $1) }
    }

    /// The objects that deserve a section: those with more than a few fields that stand in several places.
    private static func sharedObjects() -> [String: any WireObject.Type] {
        var owners: [String: Set<String>] = [:]
        let all = allObjects()
        for form in all {
            for inner in form.fieldShapes.flatMap({ objects(in: $0.shape) }) {
                owners[String(describing: inner), default: []].insert(String(describing: form))
            }
        }
        let shared = all.filter { form in
            let count = size(of: form)
            return owners[String(describing: form)].map { $0.count > 1 && count > 3 || count > 12 } ?? false
        }
        return Dictionary(uniqueKeysWithValues: shared.map { (String(describing: $0), $0) })
    }

    /// How many fields an object has, those of the objects in it included.
    private static func size(of form: any WireObject.Type) -> Int {
        form.fieldShapes.reduce(0) { $0 + 1 + objects(in: $1.shape).reduce(0) { $0 + size(of: $1) } }
    }

    /// `ConversationItem` as "Conversation item", `MCPTool` as "MCP tool".
    private static func title(_ name: String) -> String {
        let words = name.replacing(/([a-z])([A-Z])/) { "\($0.1) \($0.2)" }.replacing(/([A-Z])([A-Z][a-z])/) {
            "\($0.1) \($0.2)"
        }.split(separator: " ")
        return words.enumerated().map { number, word in
            number == 0 || word.allSatisfy(\.isUppercase) ? String(word) : word.lowercased()
        }.joined(separator: " ")
    }
}
