import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

extension RouteFileReader {
    /// Whether the handlers of a route can do anything with what the client sends.
    ///
    /// - Parameters:
    ///   - match: What stands under `match`.
    ///   - pattern: What it says beside `direction`; nil if nothing, or nothing that could be read.
    func checkClientRoute(_ match: Node?, _ pattern: Pattern?, _ targets: [Target]) {
        let saysType = pattern?.fieldPaths.contains(["type"]) ?? false
        for target in targets where !reportUnusable(target, pattern) && !saysType {
            guard let handler = target.handler.binding?.handler, !handler.interests.isEmpty,
                handler.interests(from: .client).isEmpty
            else { continue }
            diagnostics.error(
                "the handler \(quoted(target.handler.name)) is made for no events of the client", at: target.node,
                help: "say which it is to get: `match: {direction: client, type: session.update}`")
        }
        guard !saysType, let open = targets.first(where: { $0.handler.hasInterests == false }), let match else {
            return
        }
        diagnostics.warning(
            "this takes every event of the client, each piece of its audio too: the handler "
                + "\(quoted(open.handler.name)) is made for none in particular", at: match,
            help: "say which: `type: session.update`")
    }

    /// Reports a handler that can do nothing with any event of the client that a pattern can match.
    private func reportUnusable(_ target: Target, _ pattern: Pattern?) -> Bool {
        guard let roles = target.handler.binding?.roles, let (reason, help) = Self.refusal(of: roles, pattern) else {
            return false
        }
        diagnostics.error("the handler \(quoted(target.handler.name)) \(reason)", at: target.node, help: help)
        return true
    }

    private static func refusal(of roles: HandlerRoles, _ pattern: Pattern?) -> (reason: String, help: String)? {
        let help = "send them to another handler, or leave out `direction`"
        if roles.takesFunctionCalls { return ("takes function calls, and no events of the client", help) }
        if roles.ignoresClient { return ("makes nothing of events of the client", help) }
        guard let usable = roles.selection?.usableTypes, !roles.takesClientAudio,
            !usable.contains(where: { $0.code == .unknown && pattern?.mayMatch(type: $0.name) ?? true })
        else { return nil }
        let types = usable.map { "`\($0)`" }.joined(separator: ", ")
        return ("cannot use events of the client: they would be dead letters", "it takes \(types)")
    }
}
