import EventRouter

/// Converts a session's events to edits of its audio file.
///
/// Frames count from the session's first event. If the recording has no times, the amount of the user's audio serves as
/// the clock.
struct AudioTimeline {
    /// The time of the first event, in seconds since the session's source started; nil if events have no time.
    let begin: Double?
    private var user = UserTrack()
    private var assistant = AssistantTrack()
    /// The sides whose unknown audio format has been reported.
    private var reportedSides: Set<AudioEdit.Side> = []

    /// The largest frame that is used, about 24 hours: the limit for nonsensical times.
    private static let endOfTime = Int(Int32.max)

    init(begin: Double?) { self.begin = begin }

    /// The edits that an event causes, in the order in which they must be applied.
    ///
    /// - Throws: `DeliveryFailure` for audio that cannot be decoded; for an unknown audio format only once per side.
    mutating func edits(for event: RealtimeEvent, isFromClient: Bool) throws -> [AudioEdit] {
        var edits: [AudioEdit] = []
        if isFromClient {
            try append(event, into: &edits)
            return edits
        }
        switch event.type.code {
        case .sessionCreated, .sessionUpdated: updateFormats(event, into: &edits)
        case .responseCreated: updateResponseFormat(event.json["response"] ?? .null)
        case .responseOutputAudioDelta, .sessionOutputAudioDelta: try appendAnswer(event, into: &edits)
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
            if response?["status"]?.string == "cancelled", let id = Self.id(response?["id"]),
                let now = currentFrame(event)
            {
                assistant.cancel(id, at: now)
            }
        case .outputAudioBufferCleared:
            if let now = currentFrame(event) {
                assistant.clear(Self.id(event.json["response_id"]), at: now, into: &edits)
            }
        case .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            silenceRedacted(try event.decode(Utterance.self), into: &edits)
        default: throw DeliveryFailure.permanent("no audio is written of `\(event.type.name)`")
        }
        return edits
    }

    /// The edits at the end of the session.
    mutating func finish() -> [AudioEdit] {
        var edits: [AudioEdit] = []
        user.flush(into: &edits)
        assistant.flushAnswers(into: &edits)
        return edits
    }

    /// The text of a server's id; nil if it is longer than 512 bytes, because ids are kept in memory.
    private static func id(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.utf8.count <= 512 ? $0 : nil } }

    // MARK: - Time

    /// The frame at an event's time; nil if the event has no time.
    private func frame(_ event: RealtimeEvent) -> Int? {
        guard let at = event.at, let begin else { return nil }
        let frames = ((at - begin) * Double(SessionRate.standard)).rounded()
        return frames < Double(Self.endOfTime) ? max(0, Int(frames)) : Self.endOfTime
    }

    /// The frame at which something ends now; nil if neither the event nor the user's audio gives a time.
    private func currentFrame(_ event: RealtimeEvent) -> Int? { frame(event) ?? (user.end > 0 ? user.end : nil) }

    // MARK: - Formats

    private mutating func updateFormats(_ event: RealtimeEvent, into edits: inout [AudioEdit]) {
        let session = event.json["session"] ?? .null
        if event.type.code == .sessionCreated { user.restartClock() }
        if let format = Self.format("input", in: session) { user.setCoding(AudioCoding(format), into: &edits) }
        if let format = Self.format("output", in: session) { assistant.setCoding(AudioCoding(format)) }
    }

    private mutating func updateResponseFormat(_ response: JSONValue) {
        guard let id = Self.id(response["id"]), let format = Self.format("output", in: response) else { return }
        assistant.setCoding(AudioCoding(format), of: id)
    }

    /// The value of `audio.input.format`, or of the beta API's `input_audio_format`; nil if neither is set.
    private static func format(_ side: String, in json: JSONValue) -> JSONValue? {
        let format = json["audio"]?[side]?["format"] ?? json["\(side)_audio_format"]
        return format == .null ? nil : format
    }

    // MARK: - Audio

    private mutating func append(_ event: RealtimeEvent, into edits: inout [AudioEdit]) throws {
        let json = event.json
        guard let audio = try Self.audio(json["audio"]) else { return }
        guard user.isCodingKnown else { return try throwUnknownCoding(.user) }
        user.append(audio.bytes, count: audio.count, arrival: frame(event), into: &edits)
    }

    private mutating func appendAnswer(_ event: RealtimeEvent, into edits: inout [AudioEdit]) throws {
        let json = event.json
        guard let audio = try Self.audio(json["delta"]) else { return }
        // A translation session has one continuous answer, without an item id.
        let key = AssistantTrack.Key(item: Self.id(json["item_id"]) ?? "", part: json["content_index"]?.int ?? 0)
        let isKnown = assistant.append(
            audio.bytes, count: audio.count, to: key, of: Self.id(json["response_id"]),
            arrival: frame(event) ?? user.end, into: &edits)
        if !isKnown { try throwUnknownCoding(.assistant) }
    }

    private mutating func throwUnknownCoding(_ side: AudioEdit.Side) throws {
        guard reportedSides.insert(side).inserted else { return }
        throw DeliveryFailure.permanent(
            "the \(side)'s audio is not written: its format is none of pcm16, g711_ulaw and g711_alaw")
    }

    /// Decodes an audio member: base64, or a byte count where the recording left the audio out. Returns nil if the
    /// event has no audio.
    private static func audio(_ value: JSONValue?) throws -> (bytes: [UInt8]?, count: Int)? {
        if let count = value?.int { return count > 0 ? (nil, min(count, maximumAudioBytes)) : nil }
        guard let text = value?.string, !text.isEmpty else { return nil }
        var bytes: [UInt8] = []
        guard Base64.decode(Array(text.utf8).span.bytes, into: &bytes) else {
            throw DeliveryFailure.permanent("the audio is not base64")
        }
        return (bytes, bytes.count)
    }

    /// The maximum number of audio bytes in one event.
    private static let maximumAudioBytes = 64 << 20

    private mutating func truncate(_ json: JSONValue, into edits: inout [AudioEdit]) {
        guard let item = Self.id(json["item_id"]), let heard = json["audio_end_ms"]?.int else { return }
        let key = AssistantTrack.Key(item: item, part: json["content_index"]?.int ?? 0)
        assistant.truncate(key, afterMilliseconds: min(heard, Self.endOfTime / 1000), into: &edits)
    }

    // MARK: - Privacy

    /// Silences an utterance whose transcript was redacted. Silences all of it, because the position of the redacted
    /// words in the audio is unknown.
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
