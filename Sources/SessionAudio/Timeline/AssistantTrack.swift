import EventRouter

/// The positions of the assistant's audio. An answer starts at its arrival, or at the end of the previous answer if
/// that is later.
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
        /// The frame of the next decoded sample.
        var next: Int
        /// The frame at which the received audio ends.
        var end: Int
        /// Whether the answer was truncated. Audio that arrives later was never heard.
        var isTruncated = false
        /// The frame of a cancellation, where the audio ends unless the client reports how much was heard.
        var estimatedEnd: Int?
        /// Whether the answer is silenced because its transcript was redacted.
        var isSilenced = false
    }

    /// The number of answers whose positions are remembered.
    private static let answerLimit = 256

    /// The decoder for new answers; nil if the session's output format is unknown.
    private var decoder: AudioDecoder? = AudioDecoder(.standard)
    /// The decoders of responses that have their own output format.
    private var decoders: [(response: String, decoder: AudioDecoder?)] = []
    private var answers: [Key: Answer] = [:]
    private var order: [Key] = []

    /// The frame at which the last answer ends.
    private var end: Int { answers.values.reduce(0) { max($0, $1.end) } }

    /// Sets the output format of later answers; nil for an unknown format.
    mutating func setCoding(_ coding: AudioCoding?) {
        if coding != decoder?.coding { decoder = coding.map { AudioDecoder($0) } }
    }

    /// Sets the output format of one response's answers.
    mutating func setCoding(_ coding: AudioCoding?, of response: String) {
        decoders.append((response, coding == decoder?.coding ? decoder : coding.map { AudioDecoder($0) }))
        if decoders.count > 16 { decoders.removeFirst() }
    }

    /// Adds a piece of an answer.
    ///
    /// - Parameters:
    ///   - bytes: The audio; nil if only its length is known.
    ///   - count: Its length in bytes.
    ///   - arrival: The frame at the time of its arrival.
    /// - Returns: Whether the audio's format is known.
    mutating func append(
        _ bytes: [UInt8]?, count: Int, to key: Key, of response: String?, arrival: Int, into edits: inout [AudioEdit]
    ) -> Bool {
        if answers[key] == nil {
            guard let decoder = decoder(of: response) else { return false }
            flushAnswers(into: &edits)
            let start = max(arrival, end)
            answers[key] = Answer(
                decoder: decoder, response: response, start: start, next: start, end: start)
            order.append(key)
            if order.count > Self.answerLimit { answers[order.removeFirst()] = nil }
        }
        guard var answer = answers[key], !answer.isTruncated else { return true }
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

    // MARK: - Truncation

    /// Truncates an answer: the user heard only its first milliseconds.
    mutating func truncate(_ key: Key, afterMilliseconds heard: Int, into edits: inout [AudioEdit]) {
        guard let answer = answers[key] else { return }
        cut(key, at: answer.start + max(0, heard) * (SessionRate.standard / 1000), into: &edits)
    }

    /// Marks a response as cancelled at a frame. How much of it was heard may still be reported.
    mutating func cancel(_ response: String, at frame: Int) {
        for key in order where answers[key]?.response == response { answers[key]?.estimatedEnd = frame }
    }

    /// Removes the audio of a response that has not been played yet: the output buffer was cleared.
    mutating func clear(_ response: String?, at frame: Int, into edits: inout [AudioEdit]) {
        for key in order where response == nil || answers[key]?.response == response {
            if let answer = answers[key], answer.end > frame { cut(key, at: max(frame, answer.start), into: &edits) }
        }
    }

    private mutating func cut(_ key: Key, at frame: Int, into edits: inout [AudioEdit]) {
        guard var answer = answers[key] else { return }
        answer.estimatedEnd = nil
        answer.isTruncated = true
        Self.flush(&answer, upTo: answer.end, into: &edits)
        if frame < answer.end {
            edits.append(.silence(.assistant, frame..<answer.end))
            (answer.next, answer.end) = (frame, frame)
        }
        answers[key] = answer
    }

    /// Truncates cancelled answers at their estimated ends, and writes the samples that decoders have buffered.
    mutating func flushAnswers(into edits: inout [AudioEdit]) {
        for key in order {
            guard var answer = answers[key] else { continue }
            if let frame = answer.estimatedEnd {
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

    /// Silences an answer, including the part that is still to arrive.
    mutating func silence(_ key: Key, into edits: inout [AudioEdit]) {
        guard var answer = answers[key], !answer.isSilenced else { return }
        answer.isSilenced = true
        Self.flush(&answer, upTo: answer.end, into: &edits)
        answers[key] = answer
        edits.append(.silence(.assistant, answer.start..<answer.end))
    }
}
