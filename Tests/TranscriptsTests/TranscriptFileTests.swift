import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing
import Transcripts

@Suite struct TranscriptFileTests {
    private static let whole = """
        {"type": "router.utterance.done", "event_id": "utterance.done/i2/0", "session": "call-17",
         "session_id": "sess_1", "labels": {"tenant": "acme", "line": "2"}, "turn": 2, "cause": 12, "item_id": "i2",
         "content_index": 0, "role": "assistant", "text": "It's \\"21\\" °.\\nNice!", "status": "interrupted",
         "sequence": 3, "modality": "audio", "previous_item_id": "i1", "response_id": "r1", "started_ms": 1900,
         "ended_ms": 2900, "audio_start_ms": 10, "audio_end_ms": 20, "heard_ms": 640, "heard_text": "It's", "audio_ms": 1000,
         "language": "en", "confidence": 0.5}
        """
    private static let written = """
        "item_id":"i2","role":"assistant","text":"It's \\"21\\" °.\\nNice!","status":"interrupted",REVISED\
        "turn":2,"previous_item_id":"i1","response_id":"r1","content_index":0,"modality":"audio",\
        "started_ms":1900,"ended_ms":2900,"audio_start_ms":10,"audio_end_ms":20,"heard_ms":640,"heard_text":"It's","audio_ms":1000,\
        "language":"en","confidence":0.5,"labels":{"line":"2","tenant":"acme"},"event_id":"utterance.done/i2/0"}

        """

    private static func session(isInteractive: Bool = false) -> RouterSession {
        RouterSession(key: "own-key", isInteractive: isInteractive) { _ in }
    }

    /// Delivers events to the handler, from start to stop.
    private func give(_ events: [String], to path: String, isInteractive: Bool = false) async throws {
        let handler = TranscriptHandler(TranscriptFile(path: path, clock: ManualClock(wallStart: 1_767_225_600.25)))
        try await handler.start()
        let session = Self.session(isInteractive: isInteractive)
        for event in events {
            let event = try RealtimeEvent(json: event)
            try await handler.handle(EventDelivery(event: event, routes: ["r"], session: session))
        }
        await handler.stop()
    }

    @Test func jsonLine_hasAllKeysInOrder() async throws {
        let folder = try ScratchFolder()
        try await give([Self.whole], to: folder.path + "/t.jsonl")
        #expect(
            try folder.read("t.jsonl")
                == #"{"session":"call-17","session_id":"sess_1","# + Self.written.replacing("REVISED", with: ""))
    }

    @Test func revision_isASecondLine() async throws {
        let folder = try ScratchFolder()
        let revised = Self.whole.replacing("\"router.utterance.done\"", with: "\"router.utterance.revised\"")
        try await give([Self.whole, revised], to: folder.path + "/t.jsonl")
        let head = #"{"session":"call-17","session_id":"sess_1","#
        #expect(
            try folder.read("t.jsonl")
                == head + Self.written.replacing("REVISED", with: "") + head
                + Self.written.replacing("REVISED", with: #""revised":true,"#))
    }

    @Test func liveSession_hasTheTime() async throws {
        let folder = try ScratchFolder()
        try await give([Self.whole], to: folder.path + "/t.jsonl", isInteractive: true)
        #expect(
            try folder.read("t.jsonl")
                == #"{"session":"call-17","session_id":"sess_1","time":"2026-01-01T00:00:00.250Z","#
                + Self.written.replacing("REVISED", with: ""))
    }

    @Test func unknownKeys_areAbsentAndTheSessionIsNamed() async throws {
        let folder = try ScratchFolder()
        try await give(
            [#"{"type": "router.utterance.done", "item_id": "i1", "role": "user", "text": "Hello."}"#],
            to: folder.path + "/t.jsonl")
        #expect(
            try folder.read("t.jsonl") == #"{"session":"own-key","item_id":"i1","role":"user","text":"Hello."}"# + "\n")
    }

    @Test func repeatedRuns_appendToAPrivateFile() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/calls/today/t.jsonl"
        for text in ["one", "two"] {
            try await give(["{\"type\": \"router.utterance.done\", \"text\": \"\(text)\"}"], to: path)
        }
        #expect(
            try folder.read("calls/today/t.jsonl") == """
                {"session":"own-key","text":"one"}
                {"session":"own-key","text":"two"}

                """)
        #expect(try folder.mode("calls/today/t.jsonl") == 0o600)
        #expect(try folder.mode("calls/today") == 0o700)
    }

    @Test func partialUtterances_areNotWritten() async throws {
        let folder = try ScratchFolder()
        let partial = Self.whole.replacing("\"router.utterance.done\"", with: "\"router.utterance.updated\"")
        try await give([partial], to: folder.path + "/t.jsonl")
        #expect(try folder.read("t.jsonl") == "")
    }

    @Test func otherEvents_failTheDelivery() async throws {
        let folder = try ScratchFolder()
        let error = await #expect(throws: DeliveryFailure.self) {
            try await give([#"{"type": "response.done"}"#], to: folder.path + "/t.jsonl")
        }
        #expect(error?.description == "a transcript takes router.utterance.* events, not `response.done`")
    }

    @Test func unwritableFile_isReportedAtTheStart() async throws {
        let folder = try ScratchFolder()
        let error = await #expect(throws: FileFailure.self) { try await give([], to: folder.path) }
        #expect(error?.description == "cannot write \(folder.path): it is a folder")
    }

    #if os(Linux)
        @Test func unwrittenLine_isADeadLetter() async throws {
            let letters = MemoryDeadLetters()
            let table = try RouteTable(
                handlers: [HandlerBinding("transcript", TranscriptHandler(TranscriptFile(path: "/dev/full")))],
                routes: [Route("said", to: ["transcript"])], deadLetters: letters)
            let item =
                #"{"id": "i1", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}"#
            let router = Router(table, clock: ManualClock())
            try await router.start()
            let report = try await router.run(
                ScriptedSource(["{\"type\": \"conversation.item.added\", \"item\": \(item)}"]))
            await router.stop()
            #expect(report.handlers[0].counts == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
            #expect(letters.letters.elements.map(\.error) == ["cannot write /dev/full: No space left on device"])
        }
    #endif

    @Test func handler_keepsTheContract() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/t.jsonl"
        let events = [try RealtimeEvent(json: Self.whole)]
        #expect(
            await HandlerContract.violations(events: events) { TranscriptHandler(TranscriptFile(path: path)) } == [])
    }
}
