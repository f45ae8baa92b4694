import EventRouter
import ScratchFolders
import Testing

@Suite struct DeadLetterFileTests {
    @Test func deadLettersAreLinesWithTheEventOrItsBytes() throws {
        let folder = try ScratchFolder()
        let sink = DeadLetterFile(path: folder.path + "/dead.jsonl", clock: StandingClock())
        try sink.start()
        sink.record(
            DeadLetter(
                reason: .failed, session: "s", sessionID: "sess_1", route: "r", handler: "h", attempts: 3,
                error: "no \"luck\"", line: 7, length: 12, bytes: Array(#"{"type":"a"}"#.utf8)))
        sink.record(
            DeadLetter(reason: .undecodable, session: "s", error: "bad", line: 8, length: 3, bytes: [0xFF, 0, 1]))
        sink.record(
            DeadLetter(reason: .oversized, session: "s", error: "long", line: 9, length: 99, bytes: [0x7B, 0x7D]))
        sink.stop()
        #expect(
            try folder.read("dead.jsonl") == """
                {"session":"s","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","reason":"failed","route":"r",\
                "handler":"h","attempts":3,"error":"no \\"luck\\"","line":7,"length":12,"event":{"type":"a"}}
                {"session":"s","time":"2026-01-01T00:00:00.000Z","reason":"undecodable","error":"bad","line":8,\
                "length":3,"raw":"/wAB"}
                {"session":"s","time":"2026-01-01T00:00:00.000Z","reason":"oversized","error":"long","line":9,\
                "length":99,"truncated":true,"raw":"e30="}

                """)
    }
}

/// A clock with a fixed time.
private struct StandingClock: RouterClock {
    var now: Duration { .zero }
    var wallTime: Double { 1_767_225_600 }
    func sleep(for duration: Duration) async throws {}
}
