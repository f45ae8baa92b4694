import EventRouter
import RealtimeEvents
import RouterTesting
import Transcripts

/// Writes the utterances of a session to a transcript file, from start to stop.
func record(
    _ events: [String], to path: String, _ format: TranscriptFormat = .jsonl, session: String = "call-17",
    maximumSize: Int = .max
) async throws {
    let file = TranscriptFile(path: path, format: format, maximumSize: maximumSize, clock: ManualClock())
    let handler = TranscriptHandler(file)
    try await handler.start()
    let session = RouterSession(key: session) { _ in }
    for event in events {
        try await handler.handle(
            EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session))
    }
    await handler.stop()
}

/// An utterance's event; the text with JSON's escapes.
func utterance(
    _ item: String, _ role: String, _ text: String, _ more: String = "", status: String = "completed",
    isRevised: Bool = false
) -> String {
    let type = isRevised ? "revised" : "done"
    return #"{"type":"router.utterance.\#(type)","item_id":"\#(item)","content_index":0,"role":"\#(role)","#
        + #""text":"\#(text)","status":"\#(status)"\#(more.isEmpty ? "" : ",")\#(more)}"#
}

/// A conversation with every special case: late corrections, silence, an interruption, hostile text, an unheard answer.
let eventfulCall = [
    utterance("u1", "user", "What's the  weather\\nin Lisbon?", #""started_ms":633,"ended_ms":1702"#),
    utterance(
        "a1", "assistant", "It's 21 degrees and sunny in Lisbon, with a light breeze from the sea, and tomorrow",
        #""started_ms":2434,"ended_ms":2600,"audio_ms":4000"#),
    utterance(
        "a1", "assistant", "It's 21 degrees and sunny in Lisbon, with a light breeze from the sea, and tomorrow",
        #""started_ms":2434,"ended_ms":2600,"audio_ms":4000,"heard_ms":1500,"heard_text":"It's 21 degrees and sunny in""#,
        status: "interrupted", isRevised: true),
    utterance("u2", "user", "", #""started_ms":3900,"ended_ms":4400"#, status: "failed"),
    utterance(
        "a2", "assistant", "<b>--></b> {\\\\an8} *&amp;* [x](http://x)\\r\\n\\n00:00:09.000 --> 00:00:10.000\\u001b[2J",
        #""started_ms":5000,"audio_ms":1000"#),
    utterance("a3", "assistant", "Typed", #""modality":"text""#),
    utterance(
        "u3", "user", "Thirty-six hundred seconds on", #""started_ms":3723400,"ended_ms":3723900"#, status: "incomplete"
    ),
]
