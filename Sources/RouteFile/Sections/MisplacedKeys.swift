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

    /// A key of a route.
    static func ofRoute(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "handler", "handlers", "target", "targets", "send_to", "then":
            return MisplacedKey(help: "did you mean `to`?", meant: "to")
        case "every":
            return MisplacedKey(help: "put it under `once_per`: `once_per: {every: \(short(entry.value) ?? "5m")}`")
        case "between", "days", "timezone": return MisplacedKey(help: "put it under `when`: `when: {\(entry.name): …}`")
        case _ where belongsToMatch(entry.name):
            let value = entry.name == SessionLabel.field ? "{tenant: acme}" : short(entry.value) ?? "…"
            return MisplacedKey(help: "put it under `match`: `match: {\(entry.name): \(value)}`")
        default: return nil
        }
    }

    /// The help for a key of a route inside `match`, where it is taken for a field of the event; nil for other keys.
    static func inMatch(_ entry: Node.Entry) -> String? {
        let name = entry.name
        if name == RouteKeys.match.name { return "leave out `match:`; the pattern is what is under it" }
        let isOfRoute = RouteKeys.form.names.contains(name) && name != RouteKeys.name.name
        return isOfRoute ? "a route has `\(name)` beside `match`, not in it" : nil
    }

    /// Whether a route has no such key, but events have a field of this name at their top, or it is `labels`.
    static func belongsToMatch(_ name: String) -> Bool {
        guard !RouteKeys.form.names.contains(name) else { return false }
        return ["type", "$or", SessionLabel.field].contains(name) || isEventField(name)
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
