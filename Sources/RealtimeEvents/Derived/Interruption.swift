/// A barge-in: the body of `router.response.interrupted`, once for a response.
public struct Interruption: DerivedPayload {
    /// `router.response.interrupted`
    public static var eventType: EventType { .routerResponseInterrupted }

    /// What all derived events carry; its `turn` is the turn of the response.
    public var head = DerivedHead()
    /// The response that was cut off; nil when an item without a response was truncated.
    public var responseID: String?
    /// The assistant's item that was cut off, when there was one.
    public var itemID: String?
    /// How much of the item's audio was played, in ms; nil when the item was not truncated.
    public var heardMs: Int?
    /// `turn_detected` or `client_cancelled` as the server said it, `output_cleared` when the server's output buffer was
    /// cleared, `truncated` when the response was complete and its item was cut off while it played.
    public var reason: String?

    /// An interruption without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("heard_ms", &heardMs)
        coder.field("reason", &reason, of: InterruptionReason.self)
    }
}

/// Why a response was interrupted: the values of ``Interruption/reason``.
public struct InterruptionReason: WireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The user began to speak; the server's word.
    public static let turnDetected: InterruptionReason = "turn_detected"
    /// The client sent `response.cancel`; the server's word.
    public static let clientCancelled: InterruptionReason = "client_cancelled"
    /// The response was cancelled, and the server did not say why.
    public static let cancelled: InterruptionReason = "cancelled"
    /// The server's output buffer was cleared.
    public static let outputCleared: InterruptionReason = "output_cleared"
    /// The response was complete, and its item was truncated while it played.
    public static let truncated: InterruptionReason = "truncated"

    /// The values that servers and the router write today.
    public static let known: [InterruptionReason] = [
        .turnDetected, .clientCancelled, .cancelled, .outputCleared, .truncated,
    ]
}
