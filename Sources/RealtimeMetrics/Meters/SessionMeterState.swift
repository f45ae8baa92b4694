import RealtimeEvents

/// The state that a meter keeps between the events of one session. Its size is bounded.
struct SessionMeterState: Sendable {
    let session: String
    /// The models, if known. They are kept because responses and transcriptions do not name their models.
    var model: String?
    var transcriptionModel: String?
    /// The start of the current speech of the user, in milliseconds on the server's clock; nil if the user is not
    /// speaking.
    private var speech: (item: String, startMs: Int)?
    /// The response that the server is playing, and when it began.
    private var playing: (response: String, at: Double)?
    /// The last response whose audio arrived over this connection, so that playing it is not counted again.
    private var heardResponse: String?

    init(session: String) {
        self.session = session
    }

    /// Records the session's models.
    mutating func noteModels(_ session: MeasuredSession) {
        let settings = session.settings
        let transcription = settings?.audio?.input?.transcription ?? settings?.inputAudioTranscription
        model = settings?.model ?? model
        transcriptionModel = transcription?.model ?? transcriptionModel
    }

    mutating func startSpeech(_ event: InputAudioBufferSpeechStarted) {
        guard let item = event.itemID, let start = event.audioStartMs else { return }
        speech = (item, start)
    }

    /// Ends the user's speech at a `speech_stopped`; returns its length in seconds, or nil if it is unknown.
    mutating func stopSpeech(_ event: InputAudioBufferSpeechStopped) -> Double? {
        guard let (item, start) = speech, event.itemID == item, let end = event.audioEndMs else { return nil }
        speech = nil
        let (length, isOverflow) = end.subtractingReportingOverflow(start)
        return isOverflow || length < 0 ? nil : Double(length) / 1000
    }

    mutating func noteAudio(of response: String?) { heardResponse = response }

    mutating func startPlaying(_ event: OutputAudioBufferEvent, at: Double?) {
        guard let response = event.responseID, let at else { return }
        playing = (response, at)
    }

    /// Ends the playing of a response; returns its length in seconds, or nil if it is unknown, or if the response's
    /// audio also arrived over this connection.
    mutating func stopPlaying(_ event: OutputAudioBufferEvent, at: Double?) -> Double? {
        guard let (response, start) = playing, let at, at >= start else { return nil }
        if let named = event.responseID, named != response { return nil }
        playing = nil
        return response == heardResponse ? nil : at - start
    }
}
