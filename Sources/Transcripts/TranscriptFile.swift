import EventJSON
public import EventRouter
public import RealtimeEvents

/// A transcript as JSON Lines: a line for each finished utterance, in the order of the conversation.
///
/// An utterance that something later changed has a second line with `revised: true`. The keys stand in a fixed order and
/// are absent when unknown: `session`, `session_id`, `time`, `item_id`, `role`, `text`, `status`, `revised`, `turn`,
/// `previous_item_id`, `response_id`, `content_index`, `modality`, `started_ms`, `ended_ms`, `audio_start_ms`,
/// `audio_end_ms`, `heard_ms`, `audio_ms`, `language`, `confidence`, `labels`, `event_id`.
///
/// `time` (RFC 3339) stands only where events come as they happen: a recording does not say when it was made.
public final class TranscriptFile: TranscriptSink {
    private let file: LineFile
    private let clock: any RouterClock

    /// Makes the sink; the file is opened by `start()`.
    ///
    /// - Parameters:
    ///   - path: the file to append to; `-` is standard output.
    ///   - clock: the time to go by.
    public init(path: String, clock: any RouterClock = .system) {
        file = LineFile(path: path)
        self.clock = clock
    }

    /// Opens the file.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    public func start() async throws { try file.open() }

    /// Appends a line.
    ///
    /// - Throws: `FileFailure` when the line could not be written.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        let time = session.isInteractive ? Timestamp(unix: clock.wallTime).description : nil
        try file.write(Self.line(utterance, isRevised: update == .revised, time: time, session))
    }

    /// Closes the file.
    public func stop() async { file.close() }

    private static func line(
        _ utterance: Utterance, isRevised: Bool, time: String?, _ session: RouterSession
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", utterance.head.session ?? session.key)
        writer.field("session_id", utterance.head.sessionID ?? session.sessionID)
        writer.field("time", time)
        writer.field("item_id", utterance.itemID)
        writer.field("role", utterance.role?.rawValue)
        writer.field("text", utterance.text)
        writer.field("status", utterance.status?.rawValue)
        if isRevised {
            writer.key("revised")
            writer.bool(true)
        }
        writer.field("turn", utterance.head.turn)
        writer.field("previous_item_id", utterance.previousItemID)
        writer.field("response_id", utterance.responseID)
        writer.field("content_index", utterance.contentIndex)
        writer.field("modality", utterance.modality?.rawValue)
        writer.field("started_ms", utterance.startedMs)
        writer.field("ended_ms", utterance.endedMs)
        writer.field("audio_start_ms", utterance.audioStartMs)
        writer.field("audio_end_ms", utterance.audioEndMs)
        writer.field("heard_ms", utterance.heardMs)
        writer.field("audio_ms", utterance.audioMs)
        writer.field("language", utterance.language)
        writer.field("confidence", utterance.confidence)
        writer.field("labels", utterance.head.labels)
        writer.field("event_id", utterance.head.eventID)
        writer.endObject()
        return writer.bytes
    }
}
