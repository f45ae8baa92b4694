import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Recorded outputs of calls, in recordings that reuse a `call_id`.
struct RecordedAnswerTests {
    private static func server(_ event: String) -> String { #"{"direction":"server","event":\#(event)}"# }

    /// The lines of a response with one call.
    private static func response(_ id: String, item: String, status: String = "completed") -> [String] {
        let call =
            #"{"id":"\#(item)","type":"function_call","status":"completed","name":"f","call_id":"call_0","arguments":"{}"}"#
        return [
            server(#"{"type":"response.created","response":{"id":"\#(id)"}}"#),
            server(
                #"{"type":"response.function_call_arguments.done","response_id":"\#(id)","item_id":"\#(item)","call_id":"call_0","arguments":"{}"}"#
            ),
            status == "completed"
                ? server(#"{"type":"response.output_item.done","response_id":"\#(id)","item":\#(call)}"#)
                : server(#"{"type":"ping"}"#),
            server(
                #"{"type":"response.done","response":{"id":"\#(id)","status":"\#(status)","output":[\#(status == "completed" ? call : "")]}}"#
            ),
        ]
    }

    private static func output(_ text: String) -> [String] {
        [
            #"{"direction":"client","event":{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_0","output":"\#(text)"}}}"#
        ]
    }

    private static let created = ["sess_1", "sess_2"].map {
        server(#"{"type":"session.created","session":{"id":"\#($0)"}}"#)
    }

    struct Row: Sendable {
        let lines: [String]
        /// `SESSION/OCCURRENCE OUTPUT`.
        let expected: [String]
    }

    static let rows = [
        Row(lines: response("r1", item: "f1") + output("a") + response("r2", item: "f2"), expected: ["1/1 a"]),
        Row(
            lines: response("r1", item: "f1") + output("a") + response("r2", item: "f2") + output("b"),
            expected: ["1/1 a", "1/2 b"]),
        // Both outputs come late.
        Row(
            lines: response("r1", item: "f1") + response("r2", item: "f2") + output("a") + output("b"),
            expected: ["1/1 a", "1/2 b"]),
        // The first call never ran.
        Row(
            lines: response("r1", item: "f1", status: "cancelled") + response("r2", item: "f2") + output("b"),
            expected: ["1/2 b"]),
        // Of two outputs of one call, the last one counts.
        Row(lines: response("r1", item: "f1") + output("a") + output("b"), expected: ["1/1 b"]),
        // The output precedes its call.
        Row(lines: output("a") + response("r1", item: "f1"), expected: ["1/1 a"]),
        // Another session begins with the same ids.
        Row(
            lines: [created[0]] + response("r1", item: "f1") + output("a") + [created[1]] + response("r9", item: "f9")
                + output("b"), expected: ["1/1 a", "2/1 b"]),
        // The server repeats the session's id.
        Row(
            lines: [created[0]] + response("r1", item: "f1") + [created[0]] + output("a"), expected: ["1/1 a"]),
    ]

    @Test("An output belongs to the oldest call without an output", arguments: rows)
    func recordedOutputs_matchTheirCalls(row: Row) async throws {
        let outputs = try await SessionLines(row.lines, key: "s", name: "s").recordedOutputs()
        var found: [String] = []
        for session in 1...3 {
            for occurrence in 1...3 {
                if let output = outputs[session: session, callID: "call_0", occurrence: occurrence] {
                    found.append("\(session)/\(occurrence) \(output)")
                }
            }
        }
        #expect(found == row.expected)
    }

    @Test("Of two calls with the same id, only the one without a recorded output is run")
    func partlyAnsweredRecording_runsTheRest() async throws {
        let lines = Self.rows[0].lines
        let calls = Answering()
        let outbound = MemoryOutbound()
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls)], routes: [Route("calls", to: ["calls"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        _ = try await router.run(SessionLines(lines, key: "s", name: "s"), outbound: outbound)
        await router.stop()
        #expect(calls.taken.elements == ["call_0"])
        #expect(outbound.events.elements.map(\.eventID) == ["rr_output_call_0#2", "rr_create_r2"])
    }
}
