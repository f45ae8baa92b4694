import ConfigSource
import EventJSON
import EventPatterns
import RealtimeEvents

/// The event types that a pattern, or a part of it, is about.
struct EventScope {
    /// The known types among them.
    private(set) var types: [EventType]
    /// Whether events of unknown types can match too, so that nothing certain can be said of their fields.
    private(set) var isOpen: Bool

    /// The events of every type.
    static let everything = EventScope(
        types: EventType.Code.allCases.filter { $0 != .unknown }.map { EventType($0) }, isOpen: true)

    private init(types: [EventType], isOpen: Bool) {
        self.types = types
        self.isOpen = isOpen || types.isEmpty
    }

    /// The events of these types.
    init(_ types: some Sequence<EventType>) {
        let types = Array(types)
        self.init(types: types.filter { $0.code != .unknown }, isOpen: types.contains { $0.code == .unknown })
    }

    /// The events that a whole pattern is about.
    ///
    /// - Parameters:
    ///   - pattern: The pattern; nil if a route has none.
    ///   - interests: The events that the route's handlers are made for, which count if the pattern says nothing about `type`;
    ///     nil if a handler takes any event.
    init(_ pattern: Pattern?, interests: [EventType]?) {
        if let pattern, pattern.fieldPaths.contains(["type"]) {
            self = pattern.typeLiterals.map { EventScope($0.sorted().map { EventType($0) }) } ?? .everything
        } else {
            self = interests.map { EventScope($0) } ?? .everything
        }
    }

    /// The events of this scope that the alternatives of `type` allow.
    func narrowed(to alternatives: Node, _ lists: [String: [JSONValue]]) -> EventScope {
        let names = (alternatives.list ?? [alternatives]).map(\.string)
        if names.allSatisfy({ $0 != nil }) {
            let named = names.compactMap { $0 }.map { EventType($0) }
            let isEverything = types.count == Self.everything.types.count
            return EventScope(isEverything ? named : named.filter { $0.code == .unknown || types.contains($0) })
        }
        let pattern = Pattern(
            .mapping([("type", alternatives)]), lists: lists, Diagnostics(), canonicalType: { EventType($0).name })
        guard let pattern else { return .everything }
        let matching = types.filter { pattern.mayMatch(type: $0.name) }
        let namesUnknown = pattern.typeLiterals?.contains { EventType($0).code == .unknown }
        return EventScope(types: matching, isOpen: isOpen && namesUnknown ?? !matching.allSatisfy(\.isDerived))
    }

    /// Whether nothing is said about the type.
    var isEverything: Bool { isOpen && types.count == Self.everything.types.count }

    /// Whether all of these events are the router's own.
    var isDerived: Bool { !isOpen && types.allSatisfy(\.isDerived) }

    /// What these events hold. `labels` can stand in the match of any event.
    var place: PlaceForm { PlaceForm(types.flatMap { EventFields.shapes(of: $0) }) }
}
