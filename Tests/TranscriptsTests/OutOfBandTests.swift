import ConfigSource
import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing
import Transcripts

/// Out-of-band text of the model is in a transcript only on request.
@Suite struct OutOfBandTests {
    private static func utterance(_ type: String, _ item: String, _ text: String, _ fields: String = "") -> String {
        """
        {"type": "\(type)", "session": "s", "item_id": "\(item)", "content_index": 0, "role": "assistant", "text": "\(text)", \
        "status": "completed", "turn": 1, "response_id": "r", "started_ms": 1000, "audio_ms": 900\(fields)}
        """
    }
    private static let mark =
        #", "out_of_band": true, "response_metadata": {"purpose": "classify"}, "phase": "commentary""#
    private static let events = [
        utterance("router.utterance.done", "x1", "churn", mark), utterance("router.utterance.done", "a1", "Sorry."),
        utterance("router.utterance.revised", "x1", "churned", mark),
    ]

    private func transcript(_ format: TranscriptFormat, _ inclusions: Set<TranscriptInclusion>) async throws -> String {
        let folder = try ScratchFolder()
        let sink = TranscriptFile(path: folder.path + "/t", format: format, clock: ManualClock())
        let handler = TranscriptHandler(sink, including: inclusions)
        try await handler.start()
        let session = RouterSession(key: "s") { _ in }
        for event in Self.events {
            try await handler.handle(
                EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session))
        }
        await handler.stop()
        return try folder.read("t")
    }

    @Test("No transcript format has out-of-band text by default", arguments: TranscriptFormat.allCases)
    func outOfBandText_isLeftOut(format: TranscriptFormat) async throws {
        let text = try await transcript(format, [])
        #expect(text.contains("Sorry"))
        #expect(!text.contains("churn"))
    }

    @Test("Included text is marked")
    func includedText_isMarked() async throws {
        let lines = try await transcript(.jsonl, [.outOfBand]).split(separator: "\n")
        #expect(
            lines.first == """
                {"session":"s","item_id":"x1","role":"assistant","text":"churn","status":"completed","turn":1,"response_id":"r",\
                "out_of_band":true,"response_metadata":{"purpose":"classify"},"phase":"commentary","content_index":0,\
                "started_ms":1000,"audio_ms":900}
                """)
        #expect(lines.count == 3)
        #expect(
            try await transcript(.text, [.outOfBand]) == """
                == s
                 0:01.0  agent   churned [out of band]
                 0:01.0  agent   Sorry.

                """)
    }
}
