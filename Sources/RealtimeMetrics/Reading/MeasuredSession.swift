import RealtimeEvents

/// What is measured of a session's settings: which models it uses.
struct MeasuredSession: WireObject {
    var settings: Settings?

    mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("session", &settings)
    }

    struct Settings: WireObject {
        var model: String?
        var audio: AudioConfiguration?
        /// Beta.
        var inputAudioTranscription: TranscriptionConfiguration?

        mutating func code<C: FieldCoder>(_ coder: inout C) {
            coder.field("model", &model)
            coder.field("audio", &audio)
            coder.field("input_audio_transcription", &inputAudioTranscription)
        }
    }
}
