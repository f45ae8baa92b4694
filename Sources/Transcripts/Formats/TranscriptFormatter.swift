import EventJSON
import EventRouter
import RealtimeEvents

/// Formats one session's utterances for a file.
protocol TranscriptFormatter: Sendable {
    /// The entries for an utterance. Each is written as a whole; the file adds a line end.
    mutating func entries(for record: TranscriptRecord) -> [String]

    /// The entries of the utterances that are still buffered, at the end of the session.
    mutating func finish() -> [[String]]
}

extension TranscriptFormatter {
    /// Returns nothing: by default nothing is buffered.
    mutating func finish() -> [[String]] { [] }
}

/// Buffers the last utterances of a session, so that a correction can replace the utterance that it corrects.
///
/// Written entries cannot be changed, and an interruption by the user corrects the answer that was just recorded.
struct CorrectionBuffer: Sendable {
    /// The number of utterances buffered for a file.
    static let defaultLimit = 4

    private let limit: Int
    private var waiting: [TranscriptRecord] = []

    /// - Parameter limit: the number of utterances to buffer.
    init(limit: Int = CorrectionBuffer.defaultLimit) {
        self.limit = limit
    }

    /// Adds an utterance or a correction.
    ///
    /// - Returns: the utterances to write now: the oldest one if the buffer is full, or a correction whose utterance
    ///   has already been written.
    mutating func add(_ record: TranscriptRecord) -> [TranscriptRecord] {
        guard record.isRevised else {
            waiting.append(record)
            return waiting.count > limit ? [waiting.removeFirst()] : []
        }
        guard let corrected = waiting.firstIndex(where: { $0.part == record.part }) else { return [record] }
        waiting[corrected] = record
        // The uncorrected utterance was never written, so this is not a correction for a reader.
        waiting[corrected].isRevised = false
        return []
    }

    /// Removes and returns the buffered utterances.
    mutating func finish() -> [TranscriptRecord] {
        defer { waiting = [] }
        return waiting
    }
}

/// Formats a transcript as JSON Lines: one line per utterance, and a second one with `revised: true` for a correction.
struct JSONLinesFormatter: TranscriptFormatter {
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
