import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// The event types that a pattern, or a part of it, can match.
struct EventScope {
    /// The known types among them.
    private(set) var types: [EventType]
    /// Whether events of unknown types can match too. Nothing is known about their fields.
    private(set) var isOpen: Bool
    /// Who sends the events.
    private let side: SessionSide

    /// All event types of the server.
    static let everything = EventScope(
        types: EventType.Code.allCases.filter { $0 != .unknown }.map { EventType($0) }, isOpen: true, .server)

    /// All event types of clients.
    private static let everythingOfClients = EventScope(
        types: EventFields.clientTypes.map { EventType($0) }, isOpen: true, .client)

    private init(types: [EventType], isOpen: Bool, _ side: SessionSide) {
        self.types = types
        self.isOpen = isOpen || types.isEmpty
        self.side = side
    }

    /// The events of these types.
    init(_ types: some Sequence<EventType>, from side: SessionSide = .server) {
        let types = Array(types)
        self.init(
            types: types.filter { Self.isKnown($0, side) },
            isOpen: !types.allSatisfy { Self.isKnown($0, side) }, side)
    }

    /// Whether a side has a known event type.
    static func isKnown(_ type: EventType, _ side: SessionSide) -> Bool {
        side == .client ? EventFields.clientTypes.contains(type.name) : type.code != .unknown
    }

    private var everything: EventScope { side == .client ? Self.everythingOfClients : .everything }

    /// The event types that a whole pattern can match.
    ///
    /// - Parameters:
    ///   - pattern: the route's pattern; nil if the route has no pattern.
    ///   - interests: the event types of the route's handlers, used if the pattern has no condition on `type`; nil if a
    ///     handler takes any event.
    ///   - side: the sender of the events.
    init(_ pattern: Pattern?, interests: [EventType]?, from side: SessionSide) {
        let everything = side == .client ? Self.everythingOfClients : .everything
        if let pattern, pattern.fieldPaths.contains(["type"]) {
            self = pattern.typeLiterals.map { EventScope($0.sorted().map { EventType($0) }, from: side) } ?? everything
        } else {
            self = interests.map { EventScope($0, from: side) } ?? everything
        }
    }

    /// The event types of this scope that match the alternatives of `type`.
    func narrowed(to alternatives: Node, _ lists: [String: [JSONValue]]) -> EventScope {
        let names = (alternatives.list ?? [alternatives]).map(\.string)
        if names.allSatisfy({ $0 != nil }) {
            let named = names.compactMap { $0 }.map { EventType($0) }
            let isEverything = types.count == everything.types.count
            return EventScope(
                isEverything ? named : named.filter { !Self.isKnown($0, side) || types.contains($0) },
                from: side)
        }
        let pattern = Pattern(
            .mapping([("type", alternatives)]), lists: lists, Diagnostics(), canonicalType: { EventType($0).name })
        guard let pattern else { return everything }
        let matching = types.filter { pattern.mayMatch(type: $0.name) }
        let namesUnknown = pattern.typeLiterals?.contains { !Self.isKnown(EventType($0), side) }
        return EventScope(
            types: matching, isOpen: isOpen && namesUnknown ?? !matching.allSatisfy(\.isDerived), side)
    }

    /// Whether the scope has every type.
    var isEverything: Bool { isOpen && types.count == everything.types.count }

    /// Whether all of these events are derived by the router.
    var isDerived: Bool { !isOpen && types.allSatisfy(\.isDerived) }

    /// The fields of these events, without the session's labels.
    var shape: FieldShape {
        FieldShape(
            types.flatMap {
                side == .client ? EventFields.shapes(ofClientType: $0.name) : EventFields.shapes(of: $0)
            })
    }
}

/// A field of the events that a pattern can match.
struct ScopedField {
    /// The path of the field; empty for the event itself.
    var path: [String] = []
    /// The event types that the pattern can match.
    let scope: EventScope
    /// The values that the field can have.
    let shape: FieldShape

    /// The root: the events themselves.
    init(_ scope: EventScope) {
        self.scope = scope
        shape = scope.shape
    }

    private init(path: [String], scope: EventScope, shape: FieldShape) {
        self.path = path
        self.scope = scope
        self.shape = shape
    }

    /// The path for messages: `response.status`.
    var name: String { path.joined(separator: ".") }

    /// A field inside this one; nil if none of the events has it. In an open scope, an unknown field can have any
    /// value.
    func field(_ name: String) -> ScopedField? {
        // Labels belong to the session: a pattern can ask for them in every event.
        let isLabels = path.isEmpty && name == "labels"
        let inner = isLabels ? FieldShape([.map(.string)]) : shape.field(name)
        guard let inner = inner ?? (scope.isOpen ? FieldShape([.any]) : nil) else { return nil }
        return ScopedField(path: path + [name], scope: scope, shape: inner)
    }
}

extension ScopedField {
    /// YAML for a condition on an inner field: `response: {status: failed}`.
    func written(_ inner: [String], _ value: String) -> String {
        let nested = inner.reversed().reduce(value) { "{\($1): \($0)}" }
        return "\(path.last ?? "…"): \(nested)"
    }
}

extension EventScope {
    /// The beginning of a message about a field that the events do not have.
    var subject: String {
        isEverything
            ? "no known event type has a field"
            : types.count == 1 ? "`\(types[0].name)` has no field" : "none of these event types has a field"
    }
}
