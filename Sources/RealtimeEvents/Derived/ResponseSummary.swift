public import EventJSON

/// A response ended: the body of `router.response.done`, once for each response.
///
/// If the server ends a response again with other token counts, a second event has the new ``usage`` and is
/// ``revised``.
public struct ResponseSummary: DerivedPayload {
    /// `router.response.done`
    public static var eventType: EventType { .routerResponseDone }

    /// The fields that all derived events share; `turn` is the turn in which the response began.
    public var head = DerivedEventHeader()
    /// The response.
    public var responseID: String?
    /// True if the response is out of band: it writes to no conversation and answers no turn; nil otherwise.
    public var outOfBand: Bool?
    /// The metadata that the client attached to the response, an object.
    public var responseMetadata: JSONValue?
    /// The server's phase of the response's last message: `commentary` or `final_answer`.
    public var phase: ItemPhase?
    /// The server's status: `completed`, `cancelled`, `failed` or `incomplete`.
    public var status: String?
    /// Why the response was cancelled or is incomplete, such as `turn_detected` or `max_output_tokens`.
    public var reason: String?
    /// The code of the error of a failed response, such as `inference_rate_limit_exceeded`.
    public var errorCode: String?
    /// The message of the error of a failed response.
    public var errorMessage: String?
    /// The server's token counts, unchanged.
    public var usage: JSONValue?
    /// The time from `response.created` to the first words or sound, in ms; nil if the source has no times.
    public var firstOutputMs: Int?
    /// The time from `response.created` to `response.done`, in ms; nil if the source has no times.
    public var durationMs: Int?
    /// The length of the response's audio in ms, calculated from its bytes; nil if no audio arrived.
    public var audioMs: Int?

    /// True if the server had ended the response before and now sends other token counts; only ``usage`` is new; nil
    /// otherwise.
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

/// A barge-in: the body of `router.response.interrupted`, once for each response.
public struct ResponseInterrupted: DerivedPayload {
    /// `router.response.interrupted`
    public static var eventType: EventType { .routerResponseInterrupted }

    /// The fields that all derived events share; `turn` is the turn of the response.
    public var head = DerivedEventHeader()
    /// The response that was cut off; nil if an item without a response was truncated.
    public var responseID: String?
    /// The assistant's item that was cut off; nil if there was none.
    public var itemID: String?
    /// How much of the item's audio was played, in ms; nil if the item was not truncated.
    public var heardMs: Int?
    /// Why the response was interrupted. `turn_detected` and `client_cancelled` come from the server. `output_cleared`
    /// means that the server's output buffer was cleared. `truncated` means that the complete response's item was cut
    /// off during playback.
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

/// Why a response was interrupted: the values of ``ResponseInterrupted/reason``.
public struct InterruptionReason: WireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The user began to speak, according to the server.
    public static let turnDetected: InterruptionReason = "turn_detected"
    /// The client sent `response.cancel`, according to the server.
    public static let clientCancelled: InterruptionReason = "client_cancelled"
    /// The response was cancelled and the server gave no reason.
    public static let cancelled: InterruptionReason = "cancelled"
    /// The server's output buffer was cleared.
    public static let outputCleared: InterruptionReason = "output_cleared"
    /// The response was complete, and its item was truncated during playback.
    public static let truncated: InterruptionReason = "truncated"

    /// The values that servers and the router write today.
    public static let known: [InterruptionReason] = [
        .turnDetected, .clientCancelled, .cancelled, .outputCleared, .truncated,
    ]
}
