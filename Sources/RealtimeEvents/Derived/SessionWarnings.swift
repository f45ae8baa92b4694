/// The user waits and the model does not answer: the body of `router.turn.stalled`, once for each wait.
///
/// A live session emits it when the time has passed. A recording emits it with the next event, whose time shows that.
/// Transcription sessions never emit it.
public struct TurnStalled: DerivedPayload {
    /// `router.turn.stalled`
    public static var eventType: EventType { .routerTurnStalled }

    /// The fields that all derived events share; `turn` is the turn that has no answer.
    public var head = DerivedEventHeader()
    /// What the model did not answer.
    public var after: StallCause?
    /// How long the wait has lasted, in ms, when it was noticed.
    public var waitedMs: Int?
    /// The user's last item, if the model did not answer speech.
    public var itemID: String?
    /// The last function call, if the model did not continue after a call.
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

/// What the model did not answer.
public struct StallCause: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A cause from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The user spoke.
    public static let speech: StallCause = "speech"
    /// The model called a function. Either the call has no output yet, or the model did not continue after the output.
    public static let call: StallCause = "call"

    /// All values.
    public static let known: [StallCause] = [.speech, .call]
}

/// The user stays silent: the body of `router.user.idle`, once for each step.
///
/// A live session emits it when the time has passed. A recording emits it with the next event, whose time shows that.
public struct UserIdle: DerivedPayload {
    /// `router.user.idle`
    public static var eventType: EventType { .routerUserIdle }

    /// The fields that all derived events share; `turn` is the last turn that the user began.
    public var head = DerivedEventHeader()
    /// How long the user has been silent since last speaking or writing, in ms. Excludes the time in which a response
    /// or a function runs or the model's audio plays.
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

/// The server will end the session soon: the body of `router.session.expiring`, once for each session.
public struct SessionExpiring: DerivedPayload {
    /// `router.session.expiring`
    public static var eventType: EventType { .routerSessionExpiring }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// The remaining time, in ms.
    public var expiresInMs: Int?
    /// When the session ends, in seconds since 1970; nil if the server did not state it.
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

/// A live session approaches a limit of its source, at which it will end: the body of `router.session.limit`, once for
/// each limit.
public struct SessionLimitApproaching: DerivedPayload {
    /// `router.session.limit`
    public static var eventType: EventType { .routerSessionLimit }

    /// The fields that all derived events share.
    public var head = DerivedEventHeader()
    /// Which limit the session approaches.
    public var limit: SessionLimitKind?
    /// The remaining time before `max_duration`, in ms.
    public var remainingMs: Int?
    /// The longest allowed duration of the session, in ms.
    public var maxDurationMs: Int?
    /// The session's cost so far, in dollars.
    public var cost: Double?
    /// The highest allowed cost of the session, in dollars.
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

    /// The session's duration.
    public static let maxDuration: SessionLimitKind = "max_duration"
    /// The session's cost.
    public static let maxCost: SessionLimitKind = "max_cost"

    /// All values.
    public static let known: [SessionLimitKind] = [.maxDuration, .maxCost]
}
