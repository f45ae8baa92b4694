/// A live session comes near a limit of its source, and ends at it: the body of `router.session.limit`, once for each limit.
public struct ApproachingLimit: DerivedPayload {
    /// `router.session.limit`
    public static var eventType: EventType { .routerSessionLimit }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// Which limit it is.
    public var limit: SessionLimitKind?
    /// The time that is left before `max_duration`, in ms.
    public var remainingMs: Int?
    /// How long the session may last, in ms.
    public var maxDurationMs: Int?
    /// What the session has cost so far, in dollars.
    public var cost: Double?
    /// What the session may cost, in dollars.
    public var maxCost: Double?

    /// A limit without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("limit", &limit)
        coder.field("remaining_ms", &remainingMs)
        coder.field("max_duration_ms", &maxDurationMs)
        coder.field("cost", &cost)
        coder.field("max_cost", &maxCost)
    }
}

/// A limit of a live session.
public struct SessionLimitKind: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A limit from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// How long the session may last.
    public static let maxDuration: SessionLimitKind = "max_duration"
    /// What the session may cost.
    public static let maxCost: SessionLimitKind = "max_cost"

    /// All of them.
    public static let known: [SessionLimitKind] = [.maxDuration, .maxCost]
}
