import ConfigSource
import EventRouter

/// What stands under `match`: whose events, and what they look like.
struct MatchNode {
    /// Who sends the events, as `direction` says; without it the server, or the router that derives them.
    let side: SessionSide
    /// The mapping without `direction`.
    let pattern: Node
    /// Whether nothing but `direction` is there.
    let isBare: Bool

    /// The key that says who sends the events. It is no field of theirs.
    static let direction = "direction"

    /// Takes `direction` out of the mapping of a pattern; returns nil, with a diagnostic, if there is no such direction.
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

    /// The pattern; one that any event matches if only `direction` is there.
    var patternOrAny: Node { isBare ? ["type": [["exists": true]]] : pattern }

    /// Reports a `direction` in a branch of a `$or`: a pattern takes the events of one side.
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
