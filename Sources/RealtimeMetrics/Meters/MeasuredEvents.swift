import RealtimeEvents

/// The measured fields of `session.created` and `session.updated`: the session's models.
struct MeasuredSession: WireObject {
    var settings: Settings?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("session", &settings)
    }

    struct Settings: WireObject {
        var model: String?
        var audio: AudioConfiguration?
        /// The field of the beta API.
        var inputAudioTranscription: TranscriptionConfiguration?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("model", &model)
            coder.field("audio", &audio)
            coder.field("input_audio_transcription", &inputAudioTranscription)
        }
    }
}

/// The measured fields of `router.response.done`, which is a `ResponseSummary`.
struct MeasuredResponse: WireObject {
    var responseID: String?
    var status: String?
    var reason: String?
    var errorCode: String?
    var usage: MeasuredUsage?
    var firstOutputMs: Int?
    var durationMs: Int?
    var audioMs: Int?
    var revised: Bool?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("response_id", &responseID)
        coder.field("status", &status)
        coder.field("reason", &reason)
        coder.field("error_code", &errorCode)
        coder.field("usage", &usage)
        coder.field("first_output_ms", &firstOutputMs)
        coder.field("duration_ms", &durationMs)
        coder.field("audio_ms", &audioMs)
        coder.field("revised", &revised)
    }
}

/// The measured fields of the server's `response.done`: its usage, which is within the response, or beside it in xAI's
/// events.
struct MeasuredServerResponse: WireObject {
    var response: Response?
    var responseID: String?
    var usage: MeasuredUsage?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("response", &response)
        coder.field("response_id", &responseID)
        coder.field("usage", &usage)
    }

    struct Response: WireObject {
        var id: String?
        var usage: MeasuredUsage?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("id", &id)
            coder.field("usage", &usage)
        }
    }
}

/// The measured fields of a completed or failed transcription: its usage, and what the usage belongs to.
struct MeasuredTranscription: WireObject {
    var eventID: String?
    var itemID: String?
    var contentIndex: Int?
    var usage: MeasuredUsage?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("event_id", &eventID)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("usage", &usage)
    }
}

/// The measured fields of the usage of a response or a transcription.
struct MeasuredUsage: WireObject {
    /// `duration` for a transcription that is billed by time.
    var type: String?
    var seconds: Double?
    var inputTokens: Int?
    var outputTokens: Int?
    var inputDetails: InputTokens?
    var outputDetails: ModalityTokens?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("seconds", &seconds)
        coder.field("input_tokens", &inputTokens)
        coder.field("output_tokens", &outputTokens)
        coder.field("input_token_details", &inputDetails)
        coder.field("output_token_details", &outputDetails)
    }

    /// The input by modality, and the part of it that came from the cache.
    struct InputTokens: WireObject {
        var all = ModalityTokens()
        var cached: Int?
        var cachedDetails: ModalityTokens?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            all.code(&coder)
            coder.field("cached_tokens", &cached)
            coder.field("cached_tokens_details", &cachedDetails)
        }
    }

    /// Tokens by modality.
    struct ModalityTokens: WireObject {
        var text: Int?
        var audio: Int?
        var image: Int?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("text_tokens", &text)
            coder.field("audio_tokens", &audio)
            coder.field("image_tokens", &image)
        }
    }
}

/// The measured fields of `rate_limits.updated`.
struct MeasuredLimits: WireObject {
    var limits: [Limit]?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("rate_limits", &limits)
    }

    /// One limit. A server may send any number of limits.
    struct Limit: WireObject {
        var name: String?
        var limit: Double?
        var remaining: Double?
        var resetSeconds: Double?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("name", &name)
            coder.field("limit", &limit)
            coder.field("remaining", &remaining)
            coder.field("reset_seconds", &resetSeconds)
        }
    }
}
