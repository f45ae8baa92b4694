import ConfigSource
import EventPatterns
import RealtimeEvents

/// Warns of event types that nobody knows. Servers add types, so it can be right all the same.
struct EventTypeLint {
    let diagnostics: Diagnostics
    /// Who sends the events.
    var direction = AssertedEvents.Direction.server
    /// Whether the pattern may say who sends the events.
    var suggestsDirection = false

    private var knownNames: [String] { direction == .client ? EventFields.clientTypes : EventType.knownNames }

    /// Looks at what a pattern says about `type`.
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
            case "prefix", "wildcard", "suffix", "regexp": if let pattern { checkReach(alternative, pattern) }
            default: break
            }
        }
    }

    /// One name, where it stands.
    func checkName(_ node: Node) {
        guard let name = node.string else { return }
        let isOfServer = EventType(name).code != .unknown
        let isOfClient = suggestsDirection && EventFields.clientTypes.contains(name)
        switch direction {
        case .server where isOfServer, .client where isOfClient: return
        case .server where isOfClient:
            diagnostics.warning(
                "\(quoted(name)) is an event of the client", at: node, help: "write `direction: client` beside `type`")
        case .client where isOfServer:
            diagnostics.warning("\(quoted(name)) is no event of the client", at: node, help: "leave out `direction`")
        default: diagnostics.warning("unknown event type \(quoted(name))", at: node, help: help(for: name))
        }
    }

    private func help(for name: String) -> String? {
        let written = WrittenOperator.found(in: name, PlaceForm([.string]))
        if let replacement = written?.replacement(isNegated: false) { return "write `\(replacement)`" }
        let kinds = knownNames.filter { $0.hasPrefix(name + ".") }
        if kinds.count > 1 { return "for all types that begin so write `[{prefix: \(name).}]`" }
        return closest(to: name, among: knownNames).map { "did you mean `\($0)`?" }
    }

    private func warnOfDerived(_ key: Node) {
        guard direction == .server else { return }
        diagnostics.warning(
            "`anything-but` on `type` takes the router's own events (`router.*`) too", at: key,
            help: "name the types that are wanted, or a `prefix` of them")
    }

    /// Operators that reach no known type, or reach a type only under a name under which it never comes.
    private func checkReach(_ alternative: Node, _ pattern: Pattern) {
        for (beta, code) in EventType.betaNames where direction == .server {
            let (name, canonical) = (beta.description, EventType(code).name)
            guard pattern.mayMatch(type: name), !pattern.mayMatch(type: canonical) else { continue }
            diagnostics.warning(
                "this matches `\(name)`, and such an event comes as `\(canonical)`", at: alternative,
                help: "write it for the new name")
            return
        }
        if !knownNames.contains(where: { pattern.mayMatch(type: $0) }) {
            diagnostics.warning("this matches no known event type", at: alternative)
        }
    }
}
