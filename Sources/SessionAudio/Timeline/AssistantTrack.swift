import EventRouter

/// Where the assistant's audio lies: an answer begins at its arrival, or where the one before it ends.
struct AssistantTrack {
    /// A content part of an item.
    struct Key: Hashable {
        var item: String
        var part: Int
    }

    private struct Answer {
        var decoder: AudioDecoder
        let response: String?
        let start: Int
        /// Where the next decoded sample belongs.
        var next: Int
        /// Where the audio ends.
        var end: Int
        /// Whether the rest was cut off: what comes now was never heard.
        var isCut = false
        /// Where the audio ends if nobody says how much of it was heard.
        var likelyEnd: Int?
        /// Whether nobody may hear it.
        var isSilenced = false
    }

    /// Of so many answers is known where they lie.
    private static let remembered = 256

    /// The decoder of answers that begin; nil if nothing decodes them.
    private var decoder: AudioDecoder? = AudioDecoder(.standard)
    /// Those of responses that have a coding of their own.
    private var decoders: [(response: String, decoder: AudioDecoder?)] = []
    private var answers: [Key: Answer] = [:]
    private var order: [Key] = []

    /// Where the last answer ends.
    private var end: Int { answers.values.reduce(0) { max($0, $1.end) } }

    /// Later answers have another coding; nil for one that is not known.
    mutating func change(_ coding: AudioCoding?) {
        if coding != decoder?.coding { decoder = coding.map { AudioDecoder($0) } }
    }

    /// The answers of a response have a coding of their own.
    mutating func change(_ coding: AudioCoding?, of response: String) {
        decoders.append((response, coding == decoder?.coding ? decoder : coding.map { AudioDecoder($0) }))
        if decoders.count > 16 { decoders.removeFirst() }
    }

    /// Takes a piece of an answer.
    ///
    /// - Parameters:
    ///   - bytes: The audio; nil where only its length is known.
    ///   - count: Its length in bytes.
    ///   - arrival: The frame of the time at which it came.
    /// - Returns: Whether the coding of the audio is known.
    mutating func append(
        _ bytes: [UInt8]?, count: Int, to key: Key, of response: String?, arrival: Int, into edits: inout [AudioEdit]
    ) -> Bool {
        if answers[key] == nil {
            guard let decoder = decoder(of: response) else { return false }
            settle(into: &edits)
            let start = max(arrival, end)
            answers[key] = Answer(
                decoder: decoder, response: response, start: start, next: start, end: start)
            order.append(key)
            if order.count > Self.remembered { answers[order.removeFirst()] = nil }
        }
        guard var answer = answers[key], !answer.isCut else { return true }
        let duration = answer.decoder.coding.duration(ofBytes: count)
        answer.end += duration
        if let bytes, !answer.isSilenced {
            let samples = answer.decoder.decode(bytes)
            if !samples.isEmpty { edits.append(.write(samples, .assistant, at: answer.next)) }
            answer.next += samples.count
        } else {
            Self.flush(&answer, upTo: answer.end - duration, into: &edits)
            answer.next = answer.end
            edits.append(.extend(answer.end))
        }
        answers[key] = answer
        return true
    }

    private func decoder(of response: String?) -> AudioDecoder? {
        if let own = decoders.last(where: { $0.response == response }) { return own.decoder }
        return decoder
    }

    // MARK: - Cuts

    /// The user heard only the beginning of an answer.
    mutating func truncate(_ key: Key, afterMilliseconds heard: Int, into edits: inout [AudioEdit]) {
        guard let answer = answers[key] else { return }
        cut(key, at: answer.start + max(0, heard) * (SessionRate.standard / 1000), into: &edits)
    }

    /// A response was cut off at a frame, and nobody has said yet how much of it was heard.
    mutating func cancel(_ response: String, at frame: Int) {
        for key in order where answers[key]?.response == response { answers[key]?.likelyEnd = frame }
    }

    /// What was not played yet of a response never will be.
    mutating func clear(_ response: String?, at frame: Int, into edits: inout [AudioEdit]) {
        for key in order where response == nil || answers[key]?.response == response {
            if let answer = answers[key], answer.end > frame { cut(key, at: max(frame, answer.start), into: &edits) }
        }
    }

    private mutating func cut(_ key: Key, at frame: Int, into edits: inout [AudioEdit]) {
        guard var answer = answers[key] else { return }
        answer.likelyEnd = nil
        answer.isCut = true
        Self.flush(&answer, upTo: answer.end, into: &edits)
        if frame < answer.end {
            edits.append(.silence(.assistant, frame..<answer.end))
            (answer.next, answer.end) = (frame, frame)
        }
        answers[key] = answer
    }

    /// Cuts off what nobody has heard, and writes what decoders hold back.
    mutating func settle(into edits: inout [AudioEdit]) {
        for key in order {
            guard var answer = answers[key] else { continue }
            if let frame = answer.likelyEnd {
                cut(key, at: max(frame, answer.start), into: &edits)
            } else if answer.next < answer.end {
                Self.flush(&answer, upTo: answer.end, into: &edits)
                answers[key] = answer
            }
        }
    }

    private static func flush(_ answer: inout Answer, upTo end: Int, into edits: inout [AudioEdit]) {
        guard answer.next < end else { return }
        let samples = Array(answer.decoder.finish().prefix(end - answer.next))
        if !samples.isEmpty { edits.append(.write(samples, .assistant, at: answer.next)) }
        answer.next = end
    }

    // MARK: - Silence

    /// Nobody may hear an answer, nor what still comes of it.
    mutating func silence(_ key: Key, into edits: inout [AudioEdit]) {
        guard var answer = answers[key], !answer.isSilenced else { return }
        answer.isSilenced = true
        Self.flush(&answer, upTo: answer.end, into: &edits)
        answers[key] = answer
        edits.append(.silence(.assistant, answer.start..<answer.end))
    }
}
