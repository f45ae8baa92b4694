import RealtimeEvents

/// What is measured of the usage of a response or a transcription.
struct MeasuredUsage: WireObject {
    /// `duration` where a transcription is billed by time.
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

    /// The input by modality, and what of it came from the cache.
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
