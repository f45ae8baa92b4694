/// `session.created` and `session.updated`: the session's whole configuration.
///
/// Also the beta's `transcription_session.created` and `.updated`. Realtime API, GA and beta.
public struct SessionEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The configuration.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `error`: a request or the session failed. Most errors leave the session open.
///
/// Realtime API, GA and beta; translation.
public struct ErrorEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// What went wrong.
    public var error: ServerError?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("error", &error)
    }
}

/// What went wrong: in an `error` event, in a failed response or in a failed transcription.
///
/// Realtime API, GA and beta; translation.
public struct ServerError: WireObject {
    /// The class of the error, such as `invalid_request_error`.
    public var type: String?
    /// The exact error; some servers leave it null.
    public var code: ErrorCode?
    /// The error message.
    public var message: String?
    /// The invalid parameter.
    public var param: String?
    /// The `event_id` of the client event that caused the error; only in `error` events.
    public var eventID: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("code", &code)
        coder.field("message", &message)
        coder.field("param", &param)
        coder.field("event_id", &eventID)
    }
}

/// The exact error: codes that servers were seen to send.
public struct ErrorCode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A `response.create` while a response was active.
    public static let conversationAlreadyHasActiveResponse: ErrorCode = "conversation_already_has_active_response"
    /// A `response.cancel` with nothing to cancel; harmless.
    public static let responseCancelNotActive: ErrorCode = "response_cancel_not_active"
    /// A commit of too little or no audio.
    public static let inputAudioBufferCommitEmpty: ErrorCode = "input_audio_buffer_commit_empty"
    /// A retrieval of an unknown item.
    public static let itemRetrieveInvalidItemID: ErrorCode = "item_retrieve_invalid_item_id"
    /// A truncation of an item without audio.
    public static let unsupportedContentType: ErrorCode = "unsupported_content_type"
    /// A field that the server does not know; it rejects the whole update.
    public static let unknownParameter: ErrorCode = "unknown_parameter"
    /// A field with an invalid value.
    public static let invalidParameter: ErrorCode = "invalid_parameter"
    /// The session reached its maximum duration; the connection closes.
    public static let sessionExpired: ErrorCode = "session_expired"
    /// The server no longer supports the beta API; the connection closes.
    public static let betaApiShapeDisabled: ErrorCode = "beta_api_shape_disabled"
    /// The account has no credit left.
    public static let insufficientQuota: ErrorCode = "insufficient_quota"
    /// The key is wrong.
    public static let invalidApiKey: ErrorCode = "invalid_api_key"
    /// The account is closed.
    public static let accountDeactivated: ErrorCode = "account_deactivated"
    /// The account's spending limit is reached.
    public static let billingHardLimitReached: ErrorCode = "billing_hard_limit_reached"
    /// A response failed because of the rate limit; only in its status details.
    public static let inferenceRateLimitExceeded: ErrorCode = "inference_rate_limit_exceeded"

    /// The values that the protocol names.
    public static let known: [ErrorCode] = [
        .conversationAlreadyHasActiveResponse, .responseCancelNotActive, .inputAudioBufferCommitEmpty,
        .itemRetrieveInvalidItemID, .unsupportedContentType, .unknownParameter, .invalidParameter,
        .sessionExpired, .betaApiShapeDisabled, .insufficientQuota, .invalidApiKey, .accountDeactivated,
        .billingHardLimitReached, .inferenceRateLimitExceeded,
    ]
}
