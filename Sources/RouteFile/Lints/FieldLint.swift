import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns of fields that no event of the types in a pattern has. Servers add fields, so it can be right all the same.
struct FieldLint {
    let diagnostics: Diagnostics

    /// Looks at a pattern that names its event types, all of them known.
    func check(_ match: Node, _ pattern: Pattern) {
        // A type that only a branch of `$or` names says nothing about the fields beside it.
        guard match["type"] != nil, let names = pattern.typeLiterals, !names.isEmpty else { return }
        var shapes: [WireShape] = []
        for name in names.sorted() {
            let payloads = EventType(name).payloadTypes
            guard !payloads.isEmpty else { return }
            shapes += payloads.map { .object($0) }
        }
        let what = names.count == 1 ? "`\(names.first ?? "")` has no field" : "none of these event types has a field"
        check(match, shapes, [], what)
    }

    private func check(_ node: Node, _ shapes: [WireShape], _ path: [String], _ what: String) {
        for entry in node.entries ?? [] {
            if entry.name == "$or" {
                for branch in entry.value.list ?? [] { check(branch, shapes, path, what) }
                continue
            }
            guard let fields = Fields(shapes) else { return }
            let path = path + [entry.name]
            guard let inner = fields.byName[entry.name] else {
                let near = closest(to: entry.name, among: fields.byName.keys.sorted())
                diagnostics.warning(
                    "\(what) \(quoted(path.joined(separator: ".")))", at: entry.key,
                    help: near.map { "did you mean `\($0)`?" })
                continue
            }
            if entry.value.entries != nil { check(entry.value, inner, path, what) }
        }
    }

    /// The fields that stand at a place of events, by name, with what stands under each.
    private struct Fields {
        var byName: [String: [WireShape]] = [:]

        /// Nil where anything may stand.
        init?(_ shapes: [WireShape]) {
            for shape in shapes {
                guard add(shape) else { return nil }
            }
        }

        private mutating func add(_ shape: WireShape) -> Bool {
            switch shape {
            case .any, .map: return false
            case .string, .integer, .number, .boolean: return true
            case .array(let element): return add(element)
            case .oneOf(let shapes): return shapes.allSatisfy { add($0) }
            case .object(let type):
                for (name, shape) in type.fieldShapes { byName[name, default: []].append(shape) }
                return true
            }
        }
    }
}
