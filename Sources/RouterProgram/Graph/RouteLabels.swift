import RealtimeRouter

/// Short descriptions of the routes, handlers and sources of a routes.yml, for the boxes of a graph.
struct RouteLabels {
    private let table: RouteTable
    private let routes: [Node]
    private let handlers: Node?
    private let sources: Node?
    /// The path of the dead letters, as written in the file.
    let deadLettersPath: String?

    private static let maxWordLength = 40
    private static let maxLineLength = 60
    private static let maxLines = 4
    /// The maximum number of a handler's event types that get their own boxes.
    private static let maxTypes = 3

    init(_ configuration: RouteConfiguration) {
        table = configuration.table
        // The file has already been loaded without errors.
        let root = YAML.read(configuration.file, Diagnostics())
        routes = root?["routes"]?.list ?? []
        handlers = root?["handlers"]
        sources = root?["sources"]
        deadLettersPath = root?["dead_letters"]?["path"]?.string
    }

    /// The `type` of a handler.
    func type(of handler: String) -> String? { handlers?[handler]?["type"]?.string }

    /// The `type` of a source.
    func type(ofSource source: String) -> String? { sources?[source]?["type"]?.string }

    /// The folder of a source's recordings, as written in the file.
    func recordings(ofSource source: String) -> String? {
        sources?[source]?["record"]?["folder"]?.string.map { Self.cut($0, Self.maxWordLength) }
    }

    /// The event types that a route takes.
    ///
    /// A route without `match` takes the event types of its handlers. If these are more than three, the result is their number.
    func events(of route: Route, at index: Int) -> [String] {
        let events = typesOrDescription(of: route, at: index)
        return route.side == .client ? events.map { $0 + " (client)" } : events
    }

    private func typesOrDescription(of route: Route, at index: Int) -> [String] {
        if let names = route.pattern?.typeLiterals { return names.sorted() }
        if let pattern = route.pattern, pattern.fieldPaths.contains(["type"]) {
            let words = types(match(index)) ?? []
            return words.isEmpty ? ["any event"] : words
        }
        let handlers = table.handlers.filter { route.handlers.contains($0.name) }
        if handlers.isEmpty || handlers.contains(where: { $0.handler.interests.isEmpty }) { return ["any event"] }
        let names = Set(handlers.flatMap { $0.handler.interests(from: route.side).map(\.name) })
        if names.count <= Self.maxTypes { return names.sorted() }
        let whose = handlers.map { type(of: $0.name) ?? $0.name }
        return ["the \(names.count) event types of \(whose.joined(separator: ", "))"]
    }

    /// A route's conditions other than the event type, and its options such as `once_per`; at most four lines of conditions.
    func conditions(of route: Route, at index: Int) -> [String] {
        var lines = match(index).map { Self.conditions($0, "") } ?? []
        if lines.count > Self.maxLines {
            lines =
                Array(lines.prefix(Self.maxLines - 1)) + ["and \(lines.count - Self.maxLines + 1) more conditions"]
        }
        switch route.oncePer {
        case .session?: lines.append("once per session")
        case .turn?: lines.append("once per turn")
        case .field(let path)?: lines.append("once per " + path.joined(separator: "."))
        case .every(let interval, let path)?:
            let field = path.map { " per " + $0.joined(separator: ".") } ?? ""
            lines.append("once in \(Measure.text(interval))" + field)
        case nil: break
        }
        if let schedule = route.schedule { lines.append(Self.schedule(schedule, node: node(index)?["when"])) }
        if route.stop { lines.append(route.handlers.isEmpty ? "drops them" : "stop") }
        return lines.map { Self.cut($0, Self.maxLineLength) }
    }

    private func node(_ index: Int) -> Node? { routes.indices.contains(index) ? routes[index] : nil }

    private func match(_ index: Int) -> Node? { node(index)?["match"] }

    /// The text of `when`: `22:00-06:00, fri, sat, Europe/Lisbon`.
    private static func schedule(_ schedule: RouteSchedule, node: Node?) -> String {
        let words = ["between", "days"].compactMap { node?[$0] }.flatMap { $0.list ?? [$0] }.compactMap(\.string)
        return (words + [schedule.zone.name]).joined(separator: ", ")
    }

    /// The alternatives for `type`, including those inside `$or`; nil if a branch of the pattern has no condition on `type`.
    private func types(_ pattern: Node?) -> [String]? {
        guard let pattern else { return nil }
        if let type = pattern["type"] {
            return (type.list ?? [type]).map { alternative in
                alternative.scalar.map { EventType($0.text).name } ?? "type: " + Self.text(alternative)
            }
        }
        let branches = (pattern["$or"]?.list ?? []).map { types($0) }
        guard !branches.isEmpty, !branches.contains(where: { $0 == nil }) else { return nil }
        return branches.flatMap { $0 ?? [] }
    }

    /// A line for each field of a pattern except the event type.
    private static func conditions(_ pattern: Node, _ path: String) -> [String] {
        (pattern.entries ?? []).flatMap { entry -> [String] in
            if entry.name == "$or" { return ["one of \(entry.value.list?.count ?? 0) patterns"] }
            if path.isEmpty && ["type", "direction"].contains(entry.name) { return [] }
            let path = path.isEmpty ? entry.name : path + "." + entry.name
            if entry.value.entries != nil { return conditions(entry.value, path) }
            return [path + ": " + (entry.value.list ?? [entry.value]).map(text).joined(separator: " or ")]
        }
    }

    /// A value, or an operator with its argument. Strings are quoted to distinguish the text `"> 500"` from the comparison `> 500`.
    private static func text(_ node: Node) -> String {
        switch node.content {
        case .scalar(let scalar):
            let text = cut(scalar.text, 60)
            return node.string == nil ? text : "\"\(text)\""
        case .list(let elements):
            return elements.map { cut(text($0), maxWordLength) }.joined(separator: ", ")
        case .mapping(let entries):
            return entries.map { entry in
                switch (entry.name, entry.value.bool) {
                case ("exists", true?): "is there"
                case ("exists", false?): "is not there"
                case ("anything-but", _): "not " + text(entry.value)
                case ("numeric", _): (entry.value.list ?? []).compactMap(\.scalar?.text).joined(separator: " ")
                case ("list", _): "list " + (entry.value.scalar?.text ?? "")
                default: entry.name + " " + text(entry.value)
                }
            }.joined(separator: ", ")
        }
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }
}
