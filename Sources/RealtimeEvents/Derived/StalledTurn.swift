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
