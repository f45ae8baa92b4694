public import RealtimeEvents

/// An ``EventHandler`` made of a closure.
///
/// ```swift
/// let printer: ClosureHandler = .events { print($0.event.type) }
/// ```
public struct ClosureHandler: EventHandler {
    /// The types taken where a route says nothing about `type`.
    public let interests: [EventType]
    private let body: @Sendable (EventDelivery) async throws -> Void

    /// Makes a handler that calls `body` for each delivery.
    public init(interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void) {
        self.interests = interests
        self.body = body
    }

    /// Calls the closure; what it throws counts as a failed delivery.
    public func handle(_ delivery: EventDelivery) async throws {
        try await body(delivery)
    }
}

extension EventHandler where Self == ClosureHandler {
    /// A handler made of a closure, for the call site.
    public static func events(
        _ interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void
    ) -> ClosureHandler {
        ClosureHandler(interests: interests, body)
    }
}
