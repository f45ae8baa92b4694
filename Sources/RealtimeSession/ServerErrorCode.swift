internal import RealtimeEvents

/// What an error's code means for the session.
enum ServerErrorCode: Equatable {
    /// A `response.create` came while a response was active.
    case activeResponse
    /// A race or a question that every client meets, and that costs nothing.
    case benign
    /// Anything else; the session goes on.
    case other
    /// The session is over, or no session is possible.
    case fatal

    init(code: String?, message: String?) {
        switch code {
        case "conversation_already_has_active_response":
            self = .activeResponse
        case "response_cancel_not_active", "input_audio_buffer_commit_empty", "item_retrieve_invalid_item_id":
            self = .benign
        case "insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached",
            "session_expired", "beta_api_shape_disabled":
            self = .fatal
        case nil where message?.contains("already has an active response") == true:
            // Old servers give this error without a code.
            self = .activeResponse
        default:
            self = .other
        }
    }

    var errorClass: ErrorClass {
        switch self {
        case .activeResponse, .benign: .benign
        case .other: .session
        case .fatal: .fatal
        }
    }
}
