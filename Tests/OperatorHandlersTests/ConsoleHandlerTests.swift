import EventRouter
import OperatorHandlers
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

@Suite struct ConsoleHandlerTests {
    /// The lines for some events, each with its time.
    private func lines(_ events: [(json: String, at: Double?)]) async throws -> String {
        let folder = try ScratchFolder()
        let handler = ConsoleHandler(path: folder.path + "/console.txt")
        try await handler.start()
        let session = RouterSession(key: "s") { _ in }
        for (index, event) in events.enumerated() {
            let event = try RealtimeEvent(
                json: event.json, position: EventPosition(line: 200 + index, derived: 1), at: event.at)
            try await handler.handle(EventDelivery(event: event, routes: ["r"], session: session))
        }
        await handler.stop()
        return try folder.read("console.txt")
    }

    private func line(_ json: String, at time: Double? = nil) async throws -> String {
        try await lines([(json, time)])
    }

    @Test func console_conversationIsReadable() async throws {
        let written = try await lines([
            (#"{"type": "router.utterance.done", "role": "user", "text": "And in Lisbon?", "ended_ms": 1900}"#, 2.5),
            (
                #"{"type": "router.function_call.done", "name": "get_weather", "arguments": {"city": "Lisbon", "days": 2}, "state": "completed", "output": "{\"celsius\":21}", "ran_ms": 8, "route": "tool calls"}"#,
                2.1
            ),
            (
                #"{"type": "router.function_call.done", "name": "f", "arguments": "x", "state": "timed_out", "error": "too slow"}"#,
                2.14
            ),
            (#"{"type": "router.response.interrupted", "heard_ms": 640}"#, 2.6),
            (#"{"type": "router.response.interrupted"}"#, 2.66),
            (#"{"type": "router.turn.stalled", "after": "speech", "waited_ms": 10000}"#, 12.2),
            (#"{"type": "router.turn.stalled", "after": "call"}"#, 12.2),
            (#"{"type": "router.session.expiring", "expires_in_ms": 299900}"#, 12.2),
            (#"{"type": "router.connection.lost", "reason": "reset by peer"}"#, 12.2),
            (#"{"type": "router.connection.lost"}"#, 12.2),
            (#"{"type": "router.connection.restored", "attempt": 2, "gap_ms": 1500}"#, 13.7),
            (#"{"type": "router.connection.restored", "renewed": true}"#, 13.7),
            (#"{"type": "router.error.raised", "code": "rate_limit", "message": "slow down"}"#, 12.3),
            (
                #"{"type": "router.utterance.done", "role": "assistant", "text": "It's 21", "status": "interrupted"}"#,
                123456.78
            ),
            (#"{"type": "router.utterance.done", "role": "user", "status": "failed"}"#, nil),
            (#"{"type": "rate_limits.updated", "event_id": "event_7"}"#, 0),
            (
                #"{"type": "error", "event_id": "event_8", "error": {"type": "invalid_request_error", "message": "no such item"}}"#,
                1
            ),
            (
                #"{"type": "response.done", "event_id": "event_9", "response": {"id": "resp_1", "status": "cancelled"}}"#,
                1.5
            ),
            (#"{"type": "router.turn.done", "event_id": "session/turn.done/1", "latency_ms": 640}"#, 1.6),
            (
                #"{"type": "router.utterance.done", "role": "assistant", "text": "churn_risk", "out_of_band": true}"#,
                1.7
            ),
            (
                #"{"type": "router.utterance.done", "role": "assistant", "text": "ch", "out_of_band": true, "status": "interrupted"}"#,
                1.8
            ),
            (#"{"type": "router.utterance.done", "role": "assistant", "status": "incomplete"}"#, 1.9),
        ])
        #expect(
            written == """
                   1.9  caller  And in Lisbon?
                   2.1  tool    get_weather city=Lisbon days=2 -> {"celsius":21}   8 ms   [tool calls]
                   2.1  tool    f x -> too slow   (timed_out)
                   2.6  barge-in  the agent was cut off after 0.64 s
                   2.7  barge-in  the agent was cut off
                  12.2  silence  nothing came for 10.0 s after the caller spoke
                  12.2  silence  nothing came after a function was called
                  12.2  expiring  the session ends in 299.9 s
                  12.2  lost    the connection is lost: reset by peer
                  12.2  lost    the connection is lost
                  13.7  restored  the connection is back after 1.5 s, attempt 2
                  13.7  restored  there is a new connection
                  12.3  error   rate_limit: slow down
                123456.8  agent   It's 21 [interrupted]
                line 214.1  caller  [not understood]
                   0.0  rate_limits.updated  event_7
                   1.0  error   no such item
                   1.5  response.done  cancelled
                   1.6  router.turn.done  latency 640 ms
                   1.7  agent   churn_risk [out of band]
                   1.8  agent   ch [out of band, interrupted]
                   1.9  agent   [incomplete]

                """)
    }

    /// Text from a server, a caller or a command can neither move the terminal's cursor nor fake lines.
    @Test(arguments: [
        (
            #"{"type": "router.utterance.done", "role": "user", "text": "a\u001b[2Jb\r\nc\u0007d\u009be\u202ef\u2028g"}"#,
            "line 200.1  caller  a [2Jb  c d e f g\n"
        ),
        (#"{"type": "x\u001b]0;title\u0007\ny", "event_id": "e\u001b1"}"#, "line 200.1  x ]0;title  y  e 1\n"),
        (
            #"{"type": "router.function_call.done", "name": "f\u001bc", "arguments": {"k\n": "v\u001b"}, "error": "e\tf", "route": "r\u001b"}"#,
            "line 200.1  tool    f c k =v  -> e f   [r ]\n"
        ),
        (#"{"type": "router.error.raised", "code": "\u001b", "message": "m\u0000n"}"#, "line 200.1  error    : m n\n"),
    ])
    func controlCharactersDoNotReachTheTerminal(_ json: String, _ line: String) async throws {
        #expect(try await self.line(json) == line)
    }

    @Test func console_keepsJoinersOfScriptsAndEmoji() async throws {
        let text = "می\u{200C}خواهم 👩\u{200D}🚀"
        #expect(
            try await line("{\"type\": \"router.utterance.done\", \"role\": \"user\", \"text\": \"\(text)\"}")
                == "line 200.1  caller  \(text)\n")
    }

    @Test func console_shortensLongText() async throws {
        for (count, end) in [(400, ""), (401, "…"), (100_000, "…")] {
            let text = String(repeating: "å", count: count)
            #expect(
                try await line("{\"type\": \"router.utterance.done\", \"role\": \"user\", \"text\": \"\(text)\"}")
                    == "line 200.1  caller  \(String(repeating: "å", count: 400))\(end)\n")
        }
        let type = String(repeating: "t", count: 500)
        #expect(
            try await line("{\"type\": \"\(type)\"}") == "line 200.1  \(String(repeating: "t", count: 400))…  \n")
    }

    @Test(arguments: [
        (1e300, "     ?"), (.infinity, "     ?"), (-0.04, "   0.0"), (-0.5, "  -0.5"), (-12.34, " -12.3"),
    ])
    func anyTimeCanBeShown(_ time: Double, _ shown: String) async throws {
        #expect(try await line(#"{"type": "x", "event_id": "e"}"#, at: time) == "\(shown)  x       e\n")
    }

    @Test func handler_keepsTheContract() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/console.txt"
        let events = try ConsoleHandler(path: path).interests.map { try RealtimeEvent(json: "{\"type\": \"\($0)\"}") }
        #expect(await HandlerContract.violations(events: events) { ConsoleHandler(path: path) } == [])
    }
}
