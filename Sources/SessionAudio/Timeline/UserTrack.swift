import EventRouter

/// Where the user's audio lies.
///
/// The client appends it as it is recorded, so one piece follows the other. A piece that comes later than its predecessor ends, by more
/// than a network's jitter, begins when it must have been recorded: the client sent nothing in between.
struct UserTrack {
    /// Audio that comes this much late is late, and not silence: 250 ms.
    private static let jitter = SessionRate.standard / 4
    /// Of so many places is known where the server's clock stood, and of so many items where they lie.
    private static let remembered = 1024

    private var decoder = AudioDecoder(.standard)
    private var coding: AudioCoding? = .standard
    /// Where the next decoded sample belongs.
    private var next = 0
    /// Where the audio ends.
    private(set) var end = 0
    /// How much audio the client has appended, in frames: the server's clock of received audio.
    private var clock = 0
    /// From which reading of the clock on audio lies how far behind it.
    private var shifts: [(clock: Int, shift: Int)] = []
    /// Where the clock stood when the server's session began.
    private var clockStart = 0
    private var items: [String: Range<Int>] = [:]
    private var itemOrder: [String] = []
    /// Where speech began, by item.
    private var speech: (item: String, start: Int)?
    /// Where the last item ended.
    private var lastCommit = 0

    /// Whether the coding of the audio is known.
    var isKnown: Bool { coding != nil }

    /// The audio has another coding from now on; nil for one that is not known.
    mutating func change(_ coding: AudioCoding?, into edits: inout [AudioEdit]) {
        guard coding != self.coding else { return }
        flush(into: &edits)
        self.coding = coding
        if let coding { decoder = AudioDecoder(coding) }
    }

    /// The server counts anew.
    mutating func restartClock() { clockStart = clock }

    /// Takes audio that the client appended.
    ///
    /// - Parameters:
    ///   - bytes: The audio; nil where only its length is known.
    ///   - count: Its length in bytes.
    ///   - arrival: The frame of the time at which it came; nil where there is no time.
    mutating func append(_ bytes: [UInt8]?, count: Int, arrival: Int?, into edits: inout [AudioEdit]) {
        guard let coding else { return }
        let duration = coding.duration(ofBytes: count)
        if let arrival, arrival - duration > end + Self.jitter {
            flush(into: &edits)
            (next, end) = (arrival - duration, arrival - duration)
            shifts.append((clock, end - clock))
            if shifts.count > Self.remembered { shifts.removeFirst() }
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

    /// Writes what the decoder holds back.
    mutating func flush(into edits: inout [AudioEdit]) {
        var samples = decoder.finish()
        if samples.count > end - next { samples.removeLast(samples.count - max(0, end - next)) }
        if !samples.isEmpty { edits.append(.write(samples, .user, at: next)) }
        next = end
    }

    // MARK: - What was said when

    /// The frame of a time on the server's clock of received audio.
    private func frame(ofClock milliseconds: Int) -> Int {
        let reading = clockStart + milliseconds * (SessionRate.standard / 1000)
        let shift = shifts.last { $0.clock <= reading }?.shift ?? 0
        return max(0, min(reading + shift, end))
    }

    /// The server heard that the user began to speak.
    mutating func speechStarted(_ item: String, atClock milliseconds: Int) {
        speech = (item, frame(ofClock: milliseconds))
        remember(item, frame(ofClock: milliseconds)..<max(end, frame(ofClock: milliseconds)))
    }

    /// The server made an item of what was appended.
    mutating func committed(_ item: String) {
        let start = speech?.item == item ? speech?.start ?? lastCommit : lastCommit
        remember(item, min(start, end)..<end)
        lastCommit = end
        speech = nil
    }

    /// Where an item lies. One that the server has not named yet lies behind the last one.
    func range(of item: String?) -> Range<Int> { item.flatMap { items[$0] } ?? min(lastCommit, end)..<end }

    private mutating func remember(_ item: String, _ range: Range<Int>) {
        if items.updateValue(range, forKey: item) == nil { itemOrder.append(item) }
        if itemOrder.count > Self.remembered { items[itemOrder.removeFirst()] = nil }
    }
}
