import EventJSON
import EventRouter
import RealtimeEvents

/// One session's utterances on their way into a file.
protocol TranscriptForm: Sendable {
    /// The entries that an utterance gives, each to be written whole; a line end is added to each.
    mutating func entries(for record: TranscriptRecord) -> [String]

    /// The entries of each utterance that was kept back, at the end.
    mutating func rest() -> [[String]]
}

extension TranscriptForm {
    /// Nothing is kept back.
    mutating func rest() -> [[String]] { [] }
}

/// The last utterances of a session, kept back so that a correction can replace what it corrects.
///
/// What a file holds cannot be changed, and a barge-in corrects the answer that was just recorded.
struct HeldUtterances: Sendable {
    /// How many utterances are kept back for a file.
    static let usualLimit = 4

    private let limit: Int
    private var waiting: [TranscriptRecord] = []

    /// - Parameter limit: how many utterances are kept back.
    init(limit: Int = HeldUtterances.usualLimit) {
        self.limit = limit
    }

    /// Takes an utterance or a correction.
    ///
    /// - Returns: the utterances that are now to be written: the oldest one when too many wait, or a correction that comes after its
    ///   utterance was written.
    mutating func add(_ record: TranscriptRecord) -> [TranscriptRecord] {
        guard record.isRevised else {
            waiting.append(record)
            return waiting.count > limit ? [waiting.removeFirst()] : []
        }
        guard let corrected = waiting.firstIndex(where: { $0.part == record.part }) else { return [record] }
        waiting[corrected] = record
        // The reader of a file never saw what was corrected.
        waiting[corrected].isRevised = false
        return []
    }

    /// The utterances that still wait, when their session is left.
    mutating func rest() -> [TranscriptRecord] {
        defer { waiting = [] }
        return waiting
    }
}

/// A transcript as JSON Lines: a line for each utterance, and a second one with `revised: true` for a correction.
struct TranscriptLines: TranscriptForm {
    mutating func entries(for record: TranscriptRecord) -> [String] {
        let utterance = record.utterance
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.field("session", record.session)
        writer.field("session_id", record.sessionID)
        writer.field("time", record.time)
        writer.field("item_id", utterance.itemID)
        writer.field("role", utterance.role?.rawValue)
        writer.field("text", utterance.text)
        writer.field("status", utterance.status?.rawValue)
        if record.isRevised {
            writer.key("revised")
            writer.bool(true)
        }
        writer.field("turn", utterance.head.turn)
        writer.field("previous_item_id", utterance.previousItemID)
        writer.field("response_id", utterance.responseID)
        if utterance.outOfBand == true {
            writer.key("out_of_band")
            writer.bool(true)
        }
        writer.field("response_metadata", utterance.responseMetadata)
        writer.field("phase", utterance.phase?.rawValue)
        writer.field("content_index", utterance.contentIndex)
        writer.field("modality", utterance.modality?.rawValue)
        writer.field("started_ms", utterance.startedMs)
        writer.field("ended_ms", utterance.endedMs)
        writer.field("audio_start_ms", utterance.audioStartMs)
        writer.field("audio_end_ms", utterance.audioEndMs)
        writer.field("heard_ms", utterance.heardMs)
        writer.field("heard_text", utterance.heardText)
        writer.field("audio_ms", utterance.audioMs)
        writer.field("language", utterance.language)
        writer.field("confidence", utterance.confidence)
        writer.field("segments", utterance.segments.map { .array($0.map(\.json)) })
        writer.field("labels", utterance.head.labels)
        writer.field("event_id", utterance.head.eventID)
        writer.endObject()
        return [String(decoding: writer.bytes, as: UTF8.self)]
    }
}
