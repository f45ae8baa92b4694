import ConfigSource
import EventRouter

/// What to write for keys that stand at the wrong level of a routes.yml.
enum MisplacedKeys {
    /// A key at the top of the file.
    static func ofFile(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "redact": MisplacedKey(help: "put it under `privacy`: `privacy: {redact: [{kind: card}]}`")
        case "keep": MisplacedKey(help: "put it under `privacy`: `privacy: {keep: \(short(entry.value) ?? "30d")}`")
        case "functions": MisplacedKey(help: "put it under a handler of the type `function_call`")
        case "prices": MisplacedKey(help: "put it under a handler of the type `metrics`")
        default: nil
        }
    }

    /// An unknown key of a route.
    static func ofRoute(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "handler", "handlers", "target", "targets", "send_to", "then":
            return MisplacedKey(help: "did you mean `to`?", meant: "to")
        case "every":
            return MisplacedKey(help: "put it under `once_per`: `once_per: {every: \(short(entry.value) ?? "5m")}`")
        case "between", "days", "timezone": return MisplacedKey(help: "put it under `when`: `when: {\(entry.name): …}`")
        case _ where isMatchField(entry.name):
            let value = entry.name == SessionLabel.field ? "{tenant: acme}" : short(entry.value) ?? "…"
            return MisplacedKey(help: "put it under `match`: `match: {\(entry.name): \(value)}`")
        default: return nil
        }
    }

    /// Whether events have a field of this name at their top, or it is another key of `match`.
    static func isMatchField(_ name: String) -> Bool {
        ["type", "$or", SessionLabel.field, MatchNode.direction].contains(name) || isEventField(name)
    }

    /// Whether a known event has a field of this name at its top.
    static func isEventField(_ name: String) -> Bool { eventFields.contains(name) }

    /// The fields at the top of the events of all known types.
    private static let eventFields = Set(EventScope.everything.place.fieldNames)

    /// A word of a value as a message repeats it; nil for one that is long or no word.
    private static func short(_ node: Node) -> String? {
        node.scalar.flatMap { (1...40).contains($0.text.utf8.count) ? $0.text : nil }
    }
}
