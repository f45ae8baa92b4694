import RealtimeEvents

/// How one session's events are measured: what of it has to be remembered between them. Of a bounded size.
struct SessionMeter: Sendable {
    let session: String
    /// The models as far as they are known: responses and transcriptions do not name theirs.
    var model: String?
    var transcriptionModel: String?
    /// Where the user's speech began that has not ended, in ms of the server's clock.
    private var speech: (item: String, startMs: Int)?
    /// When the server began to play a response.
    private var playing: (response: String, at: Double)?
    /// The last response whose audio came here, so that playing it does not count once more.
    private var heardResponse: String?

    init(session: String) {
        self.session = session
    }

    /// Takes in which models the session uses.
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

    /// The seconds that the user spoke until this `speech_stopped`.
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

    /// The seconds that the server played a response whose audio goes another way than this connection.
    mutating func stopPlaying(_ event: OutputAudioBufferEvent, at: Double?) -> Double? {
        guard let (response, start) = playing, let at, at >= start else { return nil }
        if let named = event.responseID, named != response { return nil }
        playing = nil
        return response == heardResponse ? nil : at - start
    }
}
