import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

extension RouteFileReader {
    /// Reads the routes in file order, and omits those with mistakes.
    mutating func readRoutes(_ section: inout Section) -> [Route] {
        let nodes = section.read(FileKeys.routes) ?? []
        if nodes.count > PatternLimits.rules {
            diagnostics.error(
                "\(nodes.count) routes, and there may be \(PatternLimits.rules)", at: nodes[PatternLimits.rules],
                help: "put values that are routed alike into one list: `field: [a, b]`, or `[{list: NAME}]`")
        }
        return nodes.prefix(PatternLimits.rules).compactMap { route($0) }
    }

    private mutating func route(_ node: Node) -> Route? {
        guard var section = Section(node, what: "a route", RouteKeys.form, diagnostics) else { return nil }
        let name = Self.uniqueName(&section, "route", &routeNames, diagnostics)
        let written = section.read(RouteKeys.match)
        let parsed = written.flatMap { MatchNode($0, diagnostics) }
        let side = parsed?.side ?? .server
        // With only `direction`, the handlers' interests determine the events.
        let match = parsed.flatMap { $0.isBare ? nil : $0.pattern }
        let pattern = match.flatMap { self.pattern($0, from: side) }
        let isUnreadable = written != nil && parsed == nil || match != nil && pattern == nil
        let stop = section.read(RouteKeys.stop)
        let targets = stop && !section.has(RouteKeys.to.name) ? [] : self.targets(&section)
        let oncePer = self.oncePer(&section)
        let schedule = self.schedule(&section)
        let retry = section.read(RouteKeys.retry).map { retryPolicy($0) }
        section.finish()
        if !isUnreadable { checkFields(match, pattern, targets, oncePer, side, section) }
        let dropsAnything = stop && written == nil && !section.has(RouteKeys.to.name)
        if dropsAnything, !Self.hasMatchKeys(section) {
            diagnostics.error(
                "the route \(quoted(name ?? "")) has neither `match` nor `to`, so it is unclear which events it drops",
                at: node, help: "write `match: {type: input_audio_buffer.speech_started}`")
        }
        if !isUnreadable { checkHandlers(written, match, pattern, targets, side, name ?? "", section) }
        checkRetry(retry, targets, section)
        guard let name, !isUnreadable, !dropsAnything else { return nil }
        return Route(
            name, from: side, match: pattern, to: targets.map(\.handler.name), stop: stop, oncePer: oncePer,
            schedule: schedule, retry: retry, location: node.location)
    }

    /// Reports handlers that cannot use the route's events.
    private func checkHandlers(
        _ written: Node?, _ match: Node?, _ pattern: Pattern?, _ targets: [Target], _ side: SessionSide,
        _ name: String, _ section: Section
    ) {
        if side == .client { return checkClientRoute(written, pattern, targets) }
        checkTypes(match, pattern, targets, name, section)
        if let pattern { for target in targets { checkUse(pattern, target) } }
    }

    /// Parses a pattern for the events of one side; reports an error and returns nil if it is invalid.
    func pattern(_ node: Node, from side: SessionSide) -> Pattern? {
        let pattern = Pattern(node, lists: lists, diagnostics) { EventType($0).name }
        EventTypeLint(diagnostics: diagnostics, side: side).check(node, pattern)
        LabelLint(diagnostics: diagnostics).check(node)
        return pattern
    }

    /// Warns about fields and values that the route's events do not have.
    private func checkFields(
        _ match: Node?, _ pattern: Pattern?, _ targets: [Target], _ oncePer: OncePer?, _ side: SessionSide,
        _ section: Section
    ) {
        let handlers = targets.map(\.handler)
        let hasInterests = !handlers.isEmpty && handlers.allSatisfy { $0.hasInterests == true }
        let interests =
            hasInterests ? handlers.compactMap(\.binding).flatMap { $0.handler.interests(from: side) } : nil
        let scope = EventScope(pattern, interests: interests, from: side)
        let lint = FieldLint(
            lists: lists, listNodes: listNodes, functions: functions.forRoute(to: handlers), diagnostics)
        if let match { lint.check(match, scope) }
        if let path = oncePer?.path, path.first != SessionLabel.field, let node = section.node["once_per"]?["field"] {
            lint.checkOncePer(node, path, match.flatMap { $0["type"] }.map { scope.narrowed(to: $0, lists) } ?? scope)
        }
    }

    /// A handler of a route, and the node that names it.
    typealias Target = (handler: DeclaredHandler, node: Node)

    private mutating func targets(_ section: inout Section) -> [Target] {
        let known = section.has("to") ? [] : handlers.map(\.name)
        let drop = "`stop: true` instead drops the events"
        guard section.require("to", help: known.isEmpty ? drop : "handlers: \(codeList(known)); \(drop)"),
            let node = section.node("to")
        else { return [] }
        guard let names = section.stringOrList("to") else { return [] }
        if names.isEmpty, node.list?.isEmpty == true {
            diagnostics.error(
                "`to` names no handler", at: node,
                help: section.node["stop"]?.bool == true
                    ? "leave `to` out: with `stop: true` the route drops its events"
                    : "name one, or write `stop: true` in place of `to` to drop the events")
        }
        var targets: [Target] = []
        for element in node.list ?? [node] {
            guard let name = element.string, let handler = handler(named: name, at: element) else { continue }
            if targets.contains(where: { $0.handler.name == name }) {
                diagnostics.warning(
                    "the handler \(quoted(name)) is named twice, but gets an event only once", at: element)
            } else {
                targets.append((handler, element))
            }
        }
        return targets
    }

    /// Reports a route without a condition on `type` if one of its handlers does not restrict the event types either.
    private func checkTypes(
        _ match: Node?, _ pattern: Pattern?, _ targets: [Target], _ name: String, _ section: Section
    ) {
        let open = targets.filter { $0.handler.hasInterests == false }
        guard let first = open.first else { return }
        let handler = quoted(first.handler.name)
        if match == nil {
            guard !Self.hasMatchKeys(section) else { return }
            diagnostics.error(
                "the route \(quoted(name)) has no `match`, and the handler \(handler) is made for no events of its own",
                at: first.node, help: "name the events: `match: {type: response.done}`")
        } else if let match, let pattern, !pattern.constrainsType {
            diagnostics.warning(
                "this takes events of every type, the router's own (`router.*`) too: the handler \(handler) is made for "
                    + "none in particular", at: match, help: "say which: `type: response.done`")
        }
    }

    /// Whether a route has keys that belong under `match`. These are reported instead of the missing `match`.
    private static func hasMatchKeys(_ section: Section) -> Bool {
        section.keys.contains { !RouteKeys.form.names.contains($0) && MisplacedKeys.isMatchField($0) }
    }

    /// Warns about a handler that can use none of the route's events.
    private func checkUse(_ pattern: Pattern, _ target: Target) {
        guard let usable = target.handler.binding?.roles.selection?.usableTypes.map(\.name), pattern.constrainsType,
            !usable.contains(where: { pattern.mayMatch(type: $0) })
        else { return }
        let types = usable.map { "`\($0)`" }.joined(separator: ", ")
        diagnostics.warning(
            "the handler \(quoted(target.handler.name)) cannot use the events of this route: they would be dead letters",
            at: target.node, help: "it takes \(types)")
    }

    private func checkRetry(_ retry: RetryPolicy?, _ targets: [Target], _ section: Section) {
        guard let retry, retry.attempts > 1 else { return }
        for target in targets where target.handler.binding?.roles.takesFunctionCalls ?? false {
            section.error(
                "deliveries to \(quoted(target.handler.name)) may not be retried: a function call runs at most once",
                at: "retry", help: "remove `retry` from this route")
        }
    }

    /// Reads a required name. Reports an empty or duplicate name.
    static func uniqueName(
        _ section: inout Section, _ kind: String, _ names: inout [String: Node], _ diagnostics: Diagnostics
    ) -> String? {
        guard let name = section.requiredString("name"), let node = section.node("name") else { return nil }
        guard !name.isEmpty else {
            diagnostics.error("the name of a \(kind) may not be empty", at: node)
            return nil
        }
        if let first = names[name] {
            diagnostics.error(
                "there are two \(kind)s called \(quoted(name)), the first in line \(first.location.line)", at: node,
                help: "rename one of them", notes: [Diagnostic.Note("the first one is here", at: first)])
        } else {
            names[name] = node
        }
        return name
    }
}

extension RouteFileReader {
    /// Reports handlers that cannot use the client's events.
    ///
    /// - Parameters:
    ///   - match: the content of `match`.
    ///   - pattern: the pattern without `direction`; nil if there is none, or if it is invalid.
    func checkClientRoute(_ match: Node?, _ pattern: Pattern?, _ targets: [Target]) {
        let saysType = pattern?.fieldPaths.contains(["type"]) ?? false
        for target in targets where !reportUnusable(target, pattern) && !saysType {
            guard let handler = target.handler.binding?.handler, !handler.interests.isEmpty,
                handler.interests(from: .client).isEmpty
            else { continue }
            diagnostics.error(
                "the handler \(quoted(target.handler.name)) is made for no events of the client", at: target.node,
                help: "name the events: `match: {direction: client, type: session.update}`")
        }
        guard !saysType, let open = targets.first(where: { $0.handler.hasInterests == false }), let match else {
            return
        }
        diagnostics.warning(
            "this takes every event of the client, each piece of its audio too: the handler "
                + "\(quoted(open.handler.name)) is made for none in particular", at: match,
            help: "say which: `type: session.update`")
    }

    /// Reports a handler that can use no client event that the pattern can match.
    ///
    /// - Returns: whether it reported the handler.
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
        if roles.ignoresClient { return ("ignores events of the client", help) }
        guard let usable = roles.selection?.usableTypes, !roles.takesClientAudio,
            !usable.contains(where: { $0.code == .unknown && pattern?.mayMatch(type: $0.name) ?? true })
        else { return nil }
        let types = usable.map { "`\($0)`" }.joined(separator: ", ")
        return ("cannot use events of the client: they would be dead letters", "it takes \(types)")
    }
}

extension RouteFileReader {
    /// Reads `once_per`: `session`, `turn`, `{field: item_id}`, `{every: 5m}` or `{every: 5m, field: item_id}`.
    func oncePer(_ section: inout Section) -> OncePer? {
        guard let node = section.read(RouteKeys.oncePer) else { return nil }
        switch node.string {
        case "session": return .session
        case "turn": return .turn
        default: break
        }
        guard node.entries != nil, var inner = Section(node, what: "`once_per`", OncePerKeys.form, diagnostics) else {
            diagnostics.error(
                "`once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`", at: node,
                help: node.string.map { Self.oncePerHelp($0) })
            return nil
        }
        let interval = inner.read(OncePerKeys.every)
        let path = inner.read(OncePerKeys.field).map { inner.node("field")?.list == nil ? Self.path($0[0]) : $0 }
        if path?.isEmpty ?? false { inner.error("`field` names no field", at: "field") }
        if inner.keys.isEmpty {
            diagnostics.error(
                "`once_per` needs the key `field` or `every`", at: node,
                help: "write `once_per: {field: item_id}` or `once_per: {every: 5m}`")
        }
        inner.finish()
        if let path, path.isEmpty { return nil }
        if inner.has("every") { return interval.map { .every($0, field: path) } }
        return path.map { .field($0) }
    }

    private static func oncePerHelp(_ word: String) -> String {
        if Measure.duration(word) != nil { return "write `{every: \(word)}`" }
        return closest(to: word, among: ["session", "turn"]).map { "did you mean `\($0)`?" }
            ?? "write `{field: \(word)}` for a field of the event"
    }

    /// Splits a path such as `response.id` at its dots. A text with an empty component, such as `.id`, is one name.
    private static func path(_ text: String) -> [String] {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return names.contains("") ? [text] : names
    }
}
