import ConfigSource
import EventRouter
import RealtimeEvents

/// The content of a `match`: the side whose events it matches, and the pattern.
struct MatchNode {
    /// The sender of the events: the value of `direction`, by default the server. Derived events count as the server's.
    let side: SessionSide
    /// The mapping without `direction`.
    let pattern: Node
    /// Whether the mapping has only `direction`.
    let isBare: Bool

    /// The key for the sender of the events. It is not a field of events.
    static let direction = "direction"

    /// Separates `direction` from the pattern. Reports an invalid direction and returns nil.
    init?(_ node: Node, _ diagnostics: Diagnostics) {
        guard Self.checkBranches(node, diagnostics) else { return nil }
        guard let entry = node.entries?.first(where: { $0.name == Self.direction }) else {
            (side, pattern, isBare) = (.server, node, false)
            return
        }
        guard let side = entry.value.string.flatMap({ SessionSide(rawValue: $0) }) else {
            let words = SessionSide.allCases.map(\.rawValue)
            diagnostics.error(
                "`direction` must be `server` or `client`, and this is \(entry.value.kindDescription)", at: entry.value,
                help: entry.value.string.flatMap { closest(to: $0, among: words) }.map { "did you mean `\($0)`?" })
            return nil
        }
        self.side = side
        var rest = node
        rest.content = .mapping((node.entries ?? []).filter { $0.name != Self.direction })
        pattern = rest
        isBare = rest.entries?.isEmpty == true
    }

    /// The pattern, or a pattern that matches any event if the mapping has only `direction`.
    var patternOrAny: Node { isBare ? ["type": [["exists": true]]] : pattern }

    /// Reports `direction` inside `$or`, because a pattern matches the events of one side only.
    private static func checkBranches(_ node: Node, _ diagnostics: Diagnostics) -> Bool {
        guard let branches = node["$or"]?.list else { return true }
        let entries = branches.flatMap { $0.entries ?? [] }.filter { $0.name == direction }
        for entry in entries {
            diagnostics.error(
                "`direction` stands beside `$or`, and not in it: a pattern takes the events of one side",
                at: entry.key, help: "make a route for each side")
        }
        return entries.isEmpty && branches.allSatisfy { checkBranches($0, diagnostics) }
    }
}

/// The help for keys at the wrong level of a routes.yml.
enum MisplacedKeys {
    /// The help for an unknown key at the top of the file.
    static func ofFile(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "redact": MisplacedKey(help: "put it under `privacy`: `privacy: {redact: [{kind: card}]}`")
        case "keep": MisplacedKey(help: "put it under `privacy`: `privacy: {keep: \(short(entry.value) ?? "30d")}`")
        case "functions": MisplacedKey(help: "put it under a handler of the type `function_call`")
        case "prices": MisplacedKey(help: "put it under a handler of the type `metrics`")
        default: nil
        }
    }

    /// The help for an unknown key of a route.
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

    /// Whether `match` can have this key: a top-level field of events, or a key such as `$or`.
    static func isMatchField(_ name: String) -> Bool {
        ["type", "$or", SessionLabel.field, MatchNode.direction].contains(name) || isEventField(name)
    }

    /// Whether a known event has this top-level field.
    static func isEventField(_ name: String) -> Bool { eventFields.contains(name) }

    /// The top-level fields of all known event types.
    private static let eventFields = Set(EventScope.everything.shape.fieldNames)

    /// A scalar of at most 40 bytes, for a message; else nil.
    private static func short(_ node: Node) -> String? {
        node.scalar.flatMap { (1...40).contains($0.text.utf8.count) ? $0.text : nil }
    }
}
