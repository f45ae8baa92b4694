import EventRouter

/// The positions of the user's audio.
///
/// The client appends audio as it is recorded, so each piece normally follows the previous one. If a piece arrives
/// later than the previous one ends, by more than network jitter, the client sent nothing in between. The piece is then
/// placed so that it ends at its arrival.
struct UserTrack {
    /// A piece that is late by at most 250 ms is delayed by the network; a piece that is later follows a pause.
    private static let jitter = SessionRate.standard / 4
    /// The number of clock offsets remembered, and of items.
    private static let historyLimit = 1024

    private var decoder = AudioDecoder(.standard)
    private var coding: AudioCoding? = .standard
    /// The frame of the next decoded sample.
    private var next = 0
    /// The frame at which the received audio ends.
    private(set) var end = 0
    /// The amount of audio the client has appended, in frames. This is the server's audio clock (`audio_start_ms`).
    private var clock = 0
    /// The offsets from clock to frame, each valid from a clock value on. An offset grows with every pause.
    private var offsets: [(clock: Int, offset: Int)] = []
    /// The clock at the start of the server's session.
    private var clockStart = 0
    private var items: [String: Range<Int>] = [:]
    private var itemOrder: [String] = []
    /// The item that is being spoken, and the frame at which it started.
    private var speech: (item: String, start: Int)?
    /// The frame at which the last item ended.
    private var lastCommit = 0

    /// Whether the audio's format is known.
    var isCodingKnown: Bool { coding != nil }

    /// Sets the format of the audio that follows; nil for an unknown format.
    mutating func setCoding(_ coding: AudioCoding?, into edits: inout [AudioEdit]) {
        guard coding != self.coding else { return }
        flush(into: &edits)
        self.coding = coding
        if let coding { decoder = AudioDecoder(coding) }
    }

    /// Restarts the audio clock: the server starts a new session.
    mutating func restartClock() { clockStart = clock }

    /// Adds audio that the client appended.
    ///
    /// - Parameters:
    ///   - bytes: The audio; nil if only its length is known.
    ///   - count: Its length in bytes.
    ///   - arrival: The frame at the time of its arrival; nil if events have no time.
    mutating func append(_ bytes: [UInt8]?, count: Int, arrival: Int?, into edits: inout [AudioEdit]) {
        guard let coding else { return }
        let duration = coding.duration(ofBytes: count)
        if let arrival, arrival - duration > end + Self.jitter {
            flush(into: &edits)
            (next, end) = (arrival - duration, arrival - duration)
            offsets.append((clock, end - clock))
            if offsets.count > Self.historyLimit { offsets.removeFirst() }
        }
        if let bytes {
            let samples = decoder.decode(bytes)
            if !samples.isEmpty { edits.append(.write(samples, .user, at: next)) }
            next += samples.count
        } else {
            flush(into: &edits)
            next = end + duration
            edits.append(.extend(next))
        }
        end += duration
        clock += duration
    }

    /// Writes the samples that the decoder has buffered.
    mutating func flush(into edits: inout [AudioEdit]) {
        var samples = decoder.finish()
        if samples.count > end - next { samples.removeLast(samples.count - max(0, end - next)) }
        if !samples.isEmpty { edits.append(.write(samples, .user, at: next)) }
        next = end
    }

    // MARK: - Items

    /// The frame at a time of the server's audio clock.
    private func frame(ofClock milliseconds: Int) -> Int {
        let reading = clockStart + milliseconds * (SessionRate.standard / 1000)
        let offset = offsets.last { $0.clock <= reading }?.offset ?? 0
        return max(0, min(reading + offset, end))
    }

    /// Records the start of speech (`input_audio_buffer.speech_started`).
    mutating func speechStarted(_ item: String, atClock milliseconds: Int) {
        speech = (item, frame(ofClock: milliseconds))
        remember(item, frame(ofClock: milliseconds)..<max(end, frame(ofClock: milliseconds)))
    }

    /// Records that the server made an item of the appended audio (`input_audio_buffer.committed`).
    mutating func committed(_ item: String) {
        let start = speech?.item == item ? speech?.start ?? lastCommit : lastCommit
        remember(item, min(start, end)..<end)
        lastCommit = end
        speech = nil
    }

    /// The range of an item. An unknown item counts as the item after the last known item.
    func range(of item: String?) -> Range<Int> { item.flatMap { items[$0] } ?? min(lastCommit, end)..<end }

    private mutating func remember(_ item: String, _ range: Range<Int>) {
        if items.updateValue(range, forKey: item) == nil { itemOrder.append(item) }
        if itemOrder.count > Self.historyLimit { items[itemOrder.removeFirst()] = nil }
    }
}
