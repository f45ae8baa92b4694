import RealtimeRouter

/// What a routes.yml says of its routes, in the few words that a picture has room for.
struct RouteDescriptions {
    private let table: RouteTable
    private let routes: [Node]
    private let handlers: Node?
    private let sources: Node?
    /// Where undeliverable events go, as the file says it.
    let deadLettersPath: String?

    private static let longestWord = 40
    private static let longestLine = 60
    private static let mostLines = 4
    /// How many event types of a handler have boxes of their own.
    private static let mostTypes = 3

    init(_ configuration: RouteConfiguration) {
        table = configuration.table
        // Loaded before, so there is nothing to report.
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

    /// The folder of a source's recordings, as the file says it.
    func recordings(ofSource source: String) -> String? {
        sources?[source]?["record"]?["folder"]?.string.map { Self.cut($0, Self.longestWord) }
    }

    /// The events that a route takes, the fields beside `type` left aside. A route without `match` takes what its handlers are made for,
    /// which may be twenty types: more than three are counted.
    func events(of route: Route, at index: Int) -> [String] {
        let events = typesOrWords(of: route, at: index)
        return route.side == .client ? events.map { $0 + " (client)" } : events
    }

    private func typesOrWords(of route: Route, at index: Int) -> [String] {
        if let names = route.pattern?.typeLiterals { return names.sorted() }
        if let pattern = route.pattern, pattern.fieldPaths.contains(["type"]) {
            let words = types(match(index)) ?? []
            return words.isEmpty ? ["any event"] : words
        }
        let handlers = table.handlers.filter { route.handlers.contains($0.name) }
        if handlers.isEmpty || handlers.contains(where: { $0.handler.interests.isEmpty }) { return ["any event"] }
        let names = Set(handlers.flatMap { $0.handler.interests(from: route.side).map(\.name) })
        if names.count <= Self.mostTypes { return names.sorted() }
        let whose = handlers.map { type(of: $0.name) ?? $0.name }
        return ["the \(names.count) event types of \(whose.joined(separator: ", "))"]
    }

    /// What a route asks for beside the event type, and what is special about it: a few lines.
    func conditions(of route: Route, at index: Int) -> [String] {
        var lines = match(index).map { Self.conditions($0, "") } ?? []
        if lines.count > Self.mostLines {
            lines =
                Array(lines.prefix(Self.mostLines - 1)) + ["and \(lines.count - Self.mostLines + 1) more conditions"]
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
        return lines.map { Self.cut($0, Self.longestLine) }
    }

    private func node(_ index: Int) -> Node? { routes.indices.contains(index) ? routes[index] : nil }

    private func match(_ index: Int) -> Node? { node(index)?["match"] }

    /// `22:00-06:00, fri, sat, Europe/Lisbon`, as the file has it.
    private static func schedule(_ schedule: RouteSchedule, node: Node?) -> String {
        let words = ["between", "days"].compactMap { node?[$0] }.flatMap { $0.list ?? [$0] }.compactMap(\.string)
        return (words + [schedule.zone.name]).joined(separator: ", ")
    }

    /// The alternatives for `type`, in a `$or` too; nil when a way through the pattern says nothing of it.
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

    /// A line for each field that a pattern names, but for the event type.
    private static func conditions(_ pattern: Node, _ path: String) -> [String] {
        (pattern.entries ?? []).flatMap { entry -> [String] in
            if entry.name == "$or" { return ["one of \(entry.value.list?.count ?? 0) patterns"] }
            if path.isEmpty && ["type", "direction"].contains(entry.name) { return [] }
            let path = path.isEmpty ? entry.name : path + "." + entry.name
            if entry.value.entries != nil { return conditions(entry.value, path) }
            return [path + ": " + (entry.value.list ?? [entry.value]).map(text).joined(separator: " or ")]
        }
    }

    /// A value or an operator with its argument. Strings are quoted: `"> 500"` is another condition than `> 500`.
    private static func text(_ node: Node) -> String {
        switch node.content {
        case .scalar(let scalar):
            let text = cut(scalar.text, 60)
            return node.string == nil ? text : "\"\(text)\""
        case .list(let elements):
            return elements.map { cut(text($0), longestWord) }.joined(separator: ", ")
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
