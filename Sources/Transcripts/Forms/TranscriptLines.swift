import EventJSON
import EventRouter
import RealtimeEvents

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
