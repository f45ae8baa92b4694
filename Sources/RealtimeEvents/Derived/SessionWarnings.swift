/// The user waits and nothing comes: the body of `router.turn.stalled`, once for a wait.
///
/// A live session tells it when the time has passed, a recording with the next event, whose time says so. Sessions that only
/// transcribe have none.
public struct StalledTurn: DerivedPayload {
    /// `router.turn.stalled`
    public static var eventType: EventType { .routerTurnStalled }

    /// What all derived events carry; its `turn` is the turn that has no answer.
    public var head = DerivedHead()
    /// What nothing came after.
    public var after: StallCause?
    /// How long nothing has come, in ms, when that was noticed.
    public var waitedMs: Int?
    /// The user's last item, when it was speech that nothing came after.
    public var itemID: String?
    /// The last function call, when it was a call.
    public var callID: String?
    /// The call's occurrence, as in ``FunctionCall/occurrence``.
    public var occurrence: Int?

    /// A stalled turn without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("after", &after)
        coder.field("waited_ms", &waitedMs)
        coder.field("item_id", &itemID)
        coder.field("call_id", &callID)
        coder.field("occurrence", &occurrence)
    }
}

/// What nothing came after.
public struct StallCause: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A cause from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The user spoke.
    public static let speech: StallCause = "speech"
    /// The model called a function: it may not have been answered, or the model may have said nothing to the answer.
    public static let call: StallCause = "call"

    /// All of them.
    public static let known: [StallCause] = [.speech, .call]
}

/// The session waits for its user, who says nothing: the body of `router.user.idle`, once for each step in a row.
///
/// A live session tells it when the time has passed, a recording with the next event, whose time says so.
public struct IdleUser: DerivedPayload {
    /// `router.user.idle`
    public static var eventType: EventType { .routerUserIdle }

    /// What all derived events carry; its `turn` is the last one that the user began.
    public var head = DerivedHead()
    /// How long the session has waited since the user last spoke or wrote, in ms. The time in which a response or a function runs, or
    /// the model's audio plays, does not count.
    public var idleMs: Int?
    /// The number of the step of `idle_after` that was reached, from 1.
    public var step: Int?

    /// An idle user without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("idle_ms", &idleMs)
        coder.field("step", &step)
    }
}

/// The server will end the session soon: the body of `router.session.expiring`, once for a session.
public struct ExpiringSession: DerivedPayload {
    /// `router.session.expiring`
    public static var eventType: EventType { .routerSessionExpiring }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The time that is left, in ms.
    public var expiresInMs: Int?
    /// When the session ends as the server said it, in seconds since 1970.
    public var expiresAt: Int?

    /// An expiring session without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("expires_in_ms", &expiresInMs)
        coder.field("expires_at", &expiresAt)
    }
}

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
