import RealtimeRouter

/// What a routes.yml says of its routes, in the few words that a picture has room for.
struct RouteDescriptions {
    /// One event type, or what is said in place of one.
    struct Events {
        let text: String
        /// Whether the text is the name of a type.
        let isName: Bool
    }

    private let table: RouteTable
    private let routes: [Node]
    private let handlers: Node?
    /// Where undeliverable events go, as the file says it.
    let deadLettersPath: String?

    private static let longestWord = 40
    private static let longestLine = 60
    private static let mostLines = 4

    init(_ configuration: RouteConfiguration) {
        table = configuration.table
        // Loaded before, so there is nothing to report.
        let root = YAML.read(configuration.file, Diagnostics())
        routes = root?["routes"]?.list ?? []
        handlers = root?["handlers"]
        deadLettersPath = root?["dead_letters"]?["path"]?.string
    }

    /// The `type` of a handler.
    func type(of handler: String) -> String? { handlers?[handler]?["type"]?.string }

    /// The events that a route takes, the fields beside `type` left aside.
    func events(of route: Route, at index: Int) -> [Events] {
        if let names = route.pattern?.typeLiterals { return names.sorted().map { Events(text: $0, isName: true) } }
        if let pattern = route.pattern, pattern.fieldPaths.contains(["type"]) {
            let words = types(match(index)) ?? []
            return words.isEmpty ? [Events(text: "any event", isName: false)] : words
        }
        var names: [String] = []
        for handler in table.handlers where route.handlers.contains(handler.name) {
            let interests = handler.handler.interests
            if interests.isEmpty { return [Events(text: "any event", isName: false)] }
            for type in interests where !names.contains(type.name) { names.append(type.name) }
        }
        return names.map { Events(text: $0, isName: EventType($0).code != .unknown) }
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
        case nil: break
        }
        if route.stop { lines.append("stop") }
        return lines.map { Self.cut($0, Self.longestLine) }
    }

    private func match(_ index: Int) -> Node? { routes.indices.contains(index) ? routes[index]["match"] : nil }

    /// The alternatives for `type`, in a `$or` too; nil when a way through the pattern says nothing of it.
    private func types(_ pattern: Node?) -> [Events]? {
        guard let pattern else { return nil }
        if let type = pattern["type"] {
            return (type.list ?? [type]).map { alternative in
                let isName = alternative.scalar != nil
                let text = Self.text(alternative)
                return Events(text: isName ? EventType(text).name : "type: " + text, isName: isName)
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
            if path.isEmpty && entry.name == "type" { return [] }
            let path = path.isEmpty ? entry.name : path + "." + entry.name
            if entry.value.entries != nil { return conditions(entry.value, path) }
            return [path + ": " + (entry.value.list ?? [entry.value]).map(text).joined(separator: " or ")]
        }
    }

    /// A value or an operator with its argument.
    private static func text(_ node: Node) -> String {
        switch node.content {
        case .scalar(let scalar): return cut(scalar.text, 60)
        case .list(let elements):
            return elements.map { cut(text($0), longestWord) }.joined(separator: ", ")
        case .mapping(let entries):
            return entries.map { entry in
                switch (entry.name, entry.value.bool) {
                case ("exists", true?): "is there"
                case ("exists", false?): "is not there"
                case ("anything-but", _): "not " + text(entry.value)
                case ("numeric", _): (entry.value.list ?? []).map(text).joined(separator: " ")
                default: entry.name + " " + text(entry.value)
                }
            }.joined(separator: ", ")
        }
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }
}
