import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes the answers' audio to standard output at the pace of speech, so that what the user interrupts has not been played yet.
///
/// The server sends an answer faster than it is spoken. When the user speaks, the player drops the rest and reports how much was heard.
actor Player: EventHandler {
    /// The bytes of 100 ms of PCM of 16 bits at 24 kHz.
    private static let pieceBytes = 4800

    nonisolated let interests: [EventType] = [.responseOutputAudioDelta, .inputAudioBufferSpeechStarted]
    private let writes: Bool
    private var waiting: [UInt8] = []
    /// The item of the audio, and how many bytes of it were played.
    private var item: String?
    private var played = 0
    private var playing: Task<Void, Never>?

    /// - Parameter standardOutput: whether audio is written; otherwise the player only takes the time that playing takes.
    init(standardOutput: Bool) { writes = standardOutput }

    func handle(_ delivery: EventDelivery) throws {
        if delivery.event.type == .inputAudioBufferSpeechStarted { return interrupt(delivery.session) }
        let delta = try delivery.event.decode(OutputDelta.self)
        if delta.itemID != item { (item, played) = (delta.itemID, 0) }
        guard let text = delta.delta, Base64.decode(Array(text.utf8).span.bytes, into: &waiting) else { return }
        playing = playing ?? Task { await play() }
    }

    func stop() async { await playing?.value }

    private func interrupt(_ session: RouterSession) {
        guard let item, !waiting.isEmpty else { return }
        waiting = []
        // What the user did not hear is taken out of the conversation.
        session.send(.truncate(item, audioEndMs: played * 100 / Self.pieceBytes))
    }

    private func play() async {
        var next = ContinuousClock.now
        while !waiting.isEmpty {
            let piece = Array(waiting.prefix(Self.pieceBytes))
            waiting.removeFirst(piece.count)
            played += piece.count
            // 100 ms are written in advance, so that the sound does not break off.
            if writes { _ = write(STDOUT_FILENO, piece, piece.count) }
            next = max(next + .milliseconds(100), .now - .milliseconds(100))
            try? await Task.sleep(until: next - .milliseconds(100))
        }
        playing = nil
    }
}
