import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Plays the answers' audio in real time on standard output.
///
/// The server sends an answer faster than real time. When the user interrupts, the player drops the audio that was not
/// played yet, and tells the server how much was played.
actor Player: EventHandler {
    /// The bytes of 100 ms of 16-bit PCM at 24 kHz.
    private static let pieceBytes = 4800

    nonisolated let interests: [EventType] = [.responseOutputAudioDelta, .inputAudioBufferSpeechStarted]
    private let writes: Bool
    private var waiting: [UInt8] = []
    /// The item of the audio, and the number of its bytes that were played.
    private var item: String?
    private var played = 0
    private var playing: Task<Void, Never>?

    /// - Parameter standardOutput: whether to write audio; otherwise the player only waits as long as playing would take.
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
        // Removes what the user did not hear from the conversation.
        session.send(.truncate(item, audioEndMs: played * 100 / Self.pieceBytes))
    }

    private func play() async {
        var next = ContinuousClock.now
        while !waiting.isEmpty {
            let piece = Array(waiting.prefix(Self.pieceBytes))
            waiting.removeFirst(piece.count)
            played += piece.count
            // Writes 100 ms in advance, so that the sound has no gaps.
            if writes { _ = write(STDOUT_FILENO, piece, piece.count) }
            next = max(next + .milliseconds(100), .now - .milliseconds(100))
            try? await Task.sleep(until: next - .milliseconds(100))
        }
        playing = nil
    }
}
