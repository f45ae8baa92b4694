import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

/// Warns about unknown event types. These are never errors, because servers add event types.
struct EventTypeLint {
    let diagnostics: Diagnostics
    /// Who sends the events.
    var side = SessionSide.server

    private var knownNames: [String] { side == .client ? EventFields.clientTypes : EventType.knownNames }

    /// Checks the conditions of a pattern on `type`.
    func check(_ match: Node, _ pattern: Pattern?) {
        for entry in match.entries ?? [] {
            switch entry.name {
            case "type": checkAlternatives(entry.value, pattern)
            case "$or": for branch in entry.value.list ?? [] { check(branch, nil) }
            default: break
            }
        }
    }

    private func checkAlternatives(_ node: Node, _ pattern: Pattern?) {
        for alternative in node.list ?? [node] {
            guard let entry = alternative.entries?.first else {
                checkName(alternative)
                continue
            }
            switch entry.name {
            case "anything-but":
                warnOfDerived(entry.key)
                for name in entry.value.list ?? [entry.value] { checkName(name) }
            case "prefix", "wildcard", "suffix", "regexp":
                if let pattern { checkMatchesKnownType(alternative, pattern) }
            default: break
            }
        }
    }

    /// Checks one event type.
    func checkName(_ node: Node) {
        guard let name = node.string else { return }
        let isOfServer = EventType(name).code != .unknown
        let isOfClient = EventFields.clientTypes.contains(name)
        switch side {
        case .server where isOfServer, .client where isOfClient: return
        case .server where isOfClient:
            diagnostics.warning(
                "\(quoted(name)) is an event of the client", at: node, help: Self.clientHelp)
        case .client where isOfServer:
            diagnostics.warning("\(quoted(name)) is no event of the client", at: node, help: "leave out `direction`")
        default: diagnostics.warning("unknown event type \(quoted(name))", at: node, help: help(for: name))
        }
    }

    private func help(for name: String) -> String? {
        let written = ForeignOperator.found(in: name, FieldShape([.string]))
        if let replacement = written?.replacement(isNegated: false) { return "write `\(replacement)`" }
        let kinds = knownNames.filter { $0.hasPrefix(name + ".") }
        if kinds.count > 1 { return "for all types that begin so write `[{prefix: \(name).}]`" }
        let others = side == .server ? EventFields.clientTypes : EventType.knownNames
        guard let near = closest(to: name, among: knownNames + others) else { return nil }
        if knownNames.contains(near) { return "did you mean `\(near)`?" }
        return side == .client
            ? "did you mean `\(near)`, an event of the server?"
            : "did you mean `\(near)`, an event of the client? \(Self.clientHelp)"
    }

    private static let clientHelp = "write `direction: client` beside `type`"

    private func warnOfDerived(_ key: Node) {
        guard side == .server else { return }
        diagnostics.warning(
            "`anything-but` on `type` takes the router's own events (`router.*`) too", at: key,
            help: "name the types that are wanted, or a `prefix` of them")
    }

    /// Warns about an operator that matches no known type, or only a type's beta name, which the router replaces before it matches.
    private func checkMatchesKnownType(_ alternative: Node, _ pattern: Pattern) {
        for (beta, code) in EventType.betaNames where side == .server {
            let (name, canonical) = (beta.description, EventType(code).name)
            guard pattern.mayMatch(type: name), !pattern.mayMatch(type: canonical) else { continue }
            diagnostics.warning(
                "this matches `\(name)`, and such an event comes as `\(canonical)`", at: alternative,
                help: "write it for the new name")
            return
        }
        if !knownNames.contains(where: { pattern.mayMatch(type: $0) }) {
            let isOfClient = side == .server && EventFields.clientTypes.contains { pattern.mayMatch(type: $0) }
            diagnostics.warning(
                "this matches no known event type\(isOfClient ? " of the server" : "")", at: alternative,
                help: isOfClient ? "for the events of the client \(Self.clientHelp)" : nil)
        }
    }
}
