public import EventJSON

/// A response ended: the body of `router.response.done`, once for a response.
///
/// Where the server ends a response again with another usage, a second event has the new ``usage`` and is ``revised``.
public struct ResponseSummary: DerivedPayload {
    /// `router.response.done`
    public static var eventType: EventType { .routerResponseDone }

    /// What all derived events carry; its `turn` is the turn in which the response began.
    public var head = DerivedHead()
    /// The response.
    public var responseID: String?
    /// True where it is out of band: it writes to no conversation and answers no turn. Otherwise nil.
    public var outOfBand: Bool?
    /// The metadata that the client attached to it, an object.
    public var responseMetadata: JSONValue?
    /// The server's word for its last message's part in the answer: `commentary` or `final_answer`.
    public var phase: ItemPhase?
    /// `completed`, `cancelled`, `failed` or `incomplete`, as the server said it.
    public var status: String?
    /// Why it was cancelled or is incomplete, such as `turn_detected` or `max_output_tokens`.
    public var reason: String?
    /// The code of the error of a failed response, such as `inference_rate_limit_exceeded`.
    public var errorCode: String?
    /// The message of the error of a failed response.
    public var errorMessage: String?
    /// The server's token counts, as they came.
    public var usage: JSONValue?
    /// The time from `response.created` to the first words or sound, in ms; nil where the source has no times.
    public var firstOutputMs: Int?
    /// The time from `response.created` to `response.done`, in ms; nil where the source has no times.
    public var durationMs: Int?
    /// The length of the audio that came for it, in ms, counted from its bytes; nil when none came.
    public var audioMs: Int?

    /// True where the server ended the response before and now counts other tokens: nothing else is new. Otherwise nil.
    public var revised: Bool?

    /// A summary without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("out_of_band", &outOfBand)
        coder.field("response_metadata", &responseMetadata)
        coder.field("phase", &phase)
        coder.field("status", &status, of: ResponseStatus.self)
        coder.field("reason", &reason, of: ResponseStatusReason.self)
        coder.field("error_code", &errorCode, of: ErrorCode.self)
        coder.field("error_message", &errorMessage)
        coder.field("usage", &usage)
        coder.field("first_output_ms", &firstOutputMs)
        coder.field("duration_ms", &durationMs)
        coder.field("audio_ms", &audioMs)
        coder.field("revised", &revised)
    }
}

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
