import RealtimeRouter

/// The graph of a routes.yml: sources, event types, the routes that they fire, and the routes' handlers.
struct RouteGraph {
    /// What a box represents.
    enum Kind {
        case source
        /// The sessions of all sources.
        case sessions
        /// An event type, or several.
        case events
        case route
        case handler
        /// The end of events that no route took or that could not be delivered.
        case sink
    }

    struct Box {
        /// A short unique identifier: `r3`.
        let id: String
        let kind: Kind
        /// The box's text.
        let lines: [String]
    }

    struct Line {
        let from: String
        let to: String
        var isDotted = false
    }

    private(set) var boxes: [Box] = []
    private(set) var lines: [Line] = []
    private var eventIDs: [String: String] = [:]

    /// Creates the graph of a configuration.
    init(_ configuration: RouteConfiguration) {
        let table = configuration.table
        let description = RouteLabels(configuration)
        for (index, route) in table.routes.enumerated() {
            let id = "r\(index + 1)"
            for events in description.events(of: route, at: index) {
                lines.append(Line(from: box(events), to: id))
            }
            boxes.append(
                Box(
                    id: id, kind: .route,
                    lines: Self.wrapped("\(index + 1)  \(route.name)") + description.conditions(of: route, at: index)))
            for name in route.handlers {
                guard let handler = table.handlers.firstIndex(where: { $0.name == name }) else { continue }
                lines.append(Line(from: id, to: "h\(handler + 1)"))
            }
        }
        for (index, handler) in table.handlers.enumerated() {
            let type = description.type(of: handler.name)
            let lines = [handler.name] + (type.map { $0 == handler.name ? [] : [$0] } ?? [])
            boxes.append(Box(id: "h\(index + 1)", kind: .handler, lines: lines))
        }
        addSources(configuration.sources, description)
        addSinks(table, deadLettersPath: description.deadLettersPath)
    }

    /// Adds the sources before the event types. Their lines join in one box, because every source may have every event
    /// type.
    private mutating func addSources(_ sources: [SourceBinding], _ description: RouteLabels) {
        guard !sources.isEmpty else { return }
        let events = boxes.filter { $0.kind == .events }
        for (index, source) in sources.enumerated() {
            let type = description.type(ofSource: source.name)
            let recordings = description.recordings(ofSource: source.name).map { ["recorded in \($0)"] } ?? []
            let lines = [source.name] + (type.map { $0 == source.name ? [] : [$0] } ?? []) + recordings
            boxes.append(Box(id: "s\(index + 1)", kind: .source, lines: lines))
            self.lines.append(Line(from: "s\(index + 1)", to: "sessions"))
        }
        boxes.append(Box(id: "sessions", kind: .sessions, lines: ["sessions"]))
        for box in events { lines.append(Line(from: "sessions", to: box.id)) }
    }

    /// Wraps a name to lines of about 50 characters, so that one long name does not make the graph too wide.
    private static func wrapped(_ name: String) -> [String] {
        var lines = [""]
        for word in name.split(separator: " ", omittingEmptySubsequences: false) {
            if !lines[lines.count - 1].isEmpty {
                if lines[lines.count - 1].count + word.count < maxNameLineLength {
                    lines[lines.count - 1] += " "
                } else {
                    lines.append("")
                }
            }
            lines[lines.count - 1] += word
        }
        return lines
    }

    private static let maxNameLineLength = 50

    /// Adds the boxes for unmatched events and dead letters.
    private mutating func addSinks(_ table: RouteTable, deadLettersPath: String?) {
        boxes.append(Box(id: "rest", kind: .events, lines: ["events that no route takes"]))
        boxes.append(Box(id: "unmatched", kind: .sink, lines: ["unmatched", "counted"]))
        lines.append(Line(from: "rest", to: "unmatched", isDotted: true))
        if let name = table.unmatched, let handler = table.handlers.firstIndex(where: { $0.name == name }) {
            lines.append(Line(from: "unmatched", to: "h\(handler + 1)", isDotted: true))
        }
        boxes.append(
            Box(id: "dead", kind: .sink, lines: ["dead letters", deadLettersPath ?? "only logged"]))
        boxes.append(Box(id: "unread", kind: .events, lines: ["lines that are no event"]))
        lines.append(Line(from: "unread", to: "dead", isDotted: true))
        for index in table.handlers.indices {
            lines.append(Line(from: "h\(index + 1)", to: "dead", isDotted: true))
        }
    }

    /// The id of the box of an event type, or of a description of several types. Creates the box if it does not exist
    /// yet.
    private mutating func box(_ events: String) -> String {
        if let id = eventIDs[events] { return id }
        let id = "e\(eventIDs.count + 1)"
        eventIDs[events] = id
        boxes.append(Box(id: id, kind: .events, lines: [events]))
        return id
    }
}
