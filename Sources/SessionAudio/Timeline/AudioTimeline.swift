import EventRouter

/// What the events of a session say about its audio: what is written where.
///
/// Frames count from the first event on. Where the recording has no times, the user's audio is the clock.
struct SessionTimeline {
    /// The time of the first event, in seconds since the session's source began; nil where there is no time.
    let begin: Double?
    private var user = UserTrack()
    private var assistant = AssistantTrack()
    /// Whether it was said that the coding of a side is not known.
    private var hasRefused: Set<AudioEdit.Side> = []

    /// The frame that stands for a time which no session has.
    private static let endOfTime = Int(Int32.max)

    init(begin: Double?) { self.begin = begin }

    /// Takes an event.
    ///
    /// - Returns: What is to be done, in this order.
    /// - Throws: `DeliveryFailure` for audio that cannot be decoded; once for a side whose coding is not known.
    mutating func take(_ event: RealtimeEvent, isOfClient: Bool) throws -> [AudioEdit] {
        var edits: [AudioEdit] = []
        if isOfClient {
            try append(event, into: &edits)
            return edits
        }
        switch event.type.code {
        case .sessionCreated, .sessionUpdated: describe(event, into: &edits)
        case .responseCreated: describeResponse(event.json["response"] ?? .null)
        case .responseOutputAudioDelta, .sessionOutputAudioDelta: try answer(event, into: &edits)
        case .inputAudioBufferSpeechStarted:
            let json = event.json
            if let item = Self.id(json["item_id"]), let start = json["audio_start_ms"]?.int,
                (0..<1 << 40).contains(start)
            {
                user.speechStarted(item, atClock: start)
            }
        case .inputAudioBufferCommitted:
            if let item = Self.id(event.json["item_id"]) { user.committed(item) }
        case .conversationItemTruncated: truncate(event.json, into: &edits)
        case .responseDone:
            let response = event.json["response"]
            if response?["status"]?.string == "cancelled", let id = Self.id(response?["id"]), let now = present(event) {
                assistant.cancel(id, at: now)
            }
        case .outputAudioBufferCleared:
            if let now = present(event) { assistant.clear(Self.id(event.json["response_id"]), at: now, into: &edits) }
        case .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            silenceRedacted(try event.decode(Utterance.self), into: &edits)
        default: throw DeliveryFailure.permanent("no audio is written of `\(event.type.name)`")
        }
        return edits
    }

    /// The session is over.
    mutating func finish() -> [AudioEdit] {
        var edits: [AudioEdit] = []
        user.flush(into: &edits)
        assistant.settle(into: &edits)
        return edits
    }

    /// An id of the server; nil for a text that is too long for one, as it would be kept.
    private static func id(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.utf8.count <= 512 ? $0 : nil } }

    // MARK: - Time

    /// The frame of an event's time; nil where there is no time.
    private func frame(_ event: RealtimeEvent) -> Int? {
        guard let at = event.at, let begin else { return nil }
        let frames = ((at - begin) * Double(SessionRate.standard)).rounded()
        return frames < Double(Self.endOfTime) ? max(0, Int(frames)) : Self.endOfTime
    }

    /// The frame of now, for something that ends now; nil if nothing tells the time.
    private func present(_ event: RealtimeEvent) -> Int? { frame(event) ?? (user.end > 0 ? user.end : nil) }

    // MARK: - Formats

    private mutating func describe(_ event: RealtimeEvent, into edits: inout [AudioEdit]) {
        let session = event.json["session"] ?? .null
        if event.type.code == .sessionCreated { user.restartClock() }
        if let format = Self.format("input", in: session) { user.change(AudioCoding(format), into: &edits) }
        if let format = Self.format("output", in: session) { assistant.change(AudioCoding(format)) }
    }

    private mutating func describeResponse(_ response: JSONValue) {
        guard let id = Self.id(response["id"]), let format = Self.format("output", in: response) else { return }
        assistant.change(AudioCoding(format), of: id)
    }

    /// `audio.input.format`, or in the beta `input_audio_format`; nil where nothing is said.
    private static func format(_ side: String, in json: JSONValue) -> JSONValue? {
        let format = json["audio"]?[side]?["format"] ?? json["\(side)_audio_format"]
        return format == .null ? nil : format
    }

    // MARK: - Audio

    private mutating func append(_ event: RealtimeEvent, into edits: inout [AudioEdit]) throws {
        let json = event.json
        guard let audio = try Self.audio(json["audio"]) else { return }
        guard user.isKnown else { return try refuse(.user) }
        user.append(audio.bytes, count: audio.count, arrival: frame(event), into: &edits)
    }

    private mutating func answer(_ event: RealtimeEvent, into edits: inout [AudioEdit]) throws {
        let json = event.json
        guard let audio = try Self.audio(json["delta"]) else { return }
        // A translation has one answer.
        let key = AssistantTrack.Key(item: Self.id(json["item_id"]) ?? "", part: json["content_index"]?.int ?? 0)
        let isKnown = assistant.append(
            audio.bytes, count: audio.count, to: key, of: Self.id(json["response_id"]),
            arrival: frame(event) ?? user.end, into: &edits)
        if !isKnown { try refuse(.assistant) }
    }

    private mutating func refuse(_ side: AudioEdit.Side) throws {
        guard hasRefused.insert(side).inserted else { return }
        throw DeliveryFailure.permanent(
            "the \(side)'s audio is not written: its format is none of pcm16, g711_ulaw and g711_alaw")
    }

    /// The audio of a member: base64, or the number of its bytes where it was left out; nil where there is none.
    private static func audio(_ value: JSONValue?) throws -> (bytes: [UInt8]?, count: Int)? {
        if let count = value?.int { return count > 0 ? (nil, min(count, longestPiece)) : nil }
        guard let text = value?.string, !text.isEmpty else { return nil }
        var bytes: [UInt8] = []
        guard Base64.decode(Array(text.utf8).span.bytes, into: &bytes) else {
            throw DeliveryFailure.permanent("the audio is not base64")
        }
        return (bytes, bytes.count)
    }

    /// An event holds at most so many bytes of audio.
    private static let longestPiece = 64 << 20

    private mutating func truncate(_ json: JSONValue, into edits: inout [AudioEdit]) {
        guard let item = Self.id(json["item_id"]), let heard = json["audio_end_ms"]?.int else { return }
        let key = AssistantTrack.Key(item: item, part: json["content_index"]?.int ?? 0)
        assistant.truncate(key, afterMilliseconds: min(heard, Self.endOfTime / 1000), into: &edits)
    }

    // MARK: - Privacy

    /// Silences an utterance of which words were taken out: where in it they were said, nobody knows.
    private mutating func silenceRedacted(_ utterance: Utterance, into edits: inout [AudioEdit]) {
        guard utterance.modality != .text, utterance.text?.contains(Redaction.mark) == true else { return }
        if utterance.role == .assistant {
            guard let item = utterance.itemID else { return }
            assistant.silence(AssistantTrack.Key(item: item, part: utterance.contentIndex ?? 0), into: &edits)
        } else {
            user.flush(into: &edits)
            edits.append(.silence(.user, user.range(of: utterance.itemID)))
        }
    }
}
