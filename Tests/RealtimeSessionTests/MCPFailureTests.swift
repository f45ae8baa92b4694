import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// Failures of MCP tools. The event names an item, and the item holds the server and the reason.
@Suite struct MCPFailureTests {
    private static let listFailed = Line.event("mcp_list_tools.failed", #""event_id":"e_f","item_id":"l1""#)
    private static let callFailed = Line.event(
        "response.mcp_call.failed", #""event_id":"e_f","item_id":"c1","output_index":0"#)
    private static func list(_ error: String?) -> String {
        let error = error.map { #","error":\#($0)"# } ?? ""
        return Line.event(
            "conversation.item.done",
            #""item":{"id":"l1","type":"mcp_list_tools","server_label":"cal","tools":[]\#(error)}"#)
    }
    private static func call(_ error: String) -> String {
        #"{"id":"c1","type":"mcp_call","server_label":"cal","name":"list_events","arguments":"{}","output":null,"error":\#(error)}"#
    }
    private static let boom = #"{"type":"http_error","code":500,"message":"boom"}"#

    private func rows(_ replay: SessionReplay) -> [String] {
        replay.rows(
            .routerErrorRaised, fields: "event_id", "cause", "class", "source", "code", "message", "error_type",
            "reason_code", "item_id", "response_id", "server_label", "tool")
    }

    @Test(
        "A failure names the server and the reason, whichever event comes first",
        arguments: [
            (
                "the item of a list last",
                source(list(nil), listFailed, list(#"{"type":"http_error","code":401,"message":"Unauthorized"}"#)),
                "3.1", "mcp_list_tools_failed Unauthorized http_error 401 l1 - cal -"
            ),
            (
                "the item of a list first",
                source(list(#"{"type":"http_error","code":401,"message":"Unauthorized"}"#), listFailed),
                "2.1", "mcp_list_tools_failed Unauthorized http_error 401 l1 - cal -"
            ),
            (
                "a reason in words", source(list(#""No such host""#), listFailed), "2.1",
                "mcp_list_tools_failed No such host - - l1 - cal -"
            ),
            (
                "the item of a call last",
                source(
                    Line.responseCreated("r1"), Line.outputAdded(call("null"), in: "r1"), callFailed,
                    Line.outputDone(call(boom), in: "r1"), Line.responseDone("r1")), "4.1",
                "mcp_call_failed boom http_error 500 c1 r1 cal list_events"
            ),
            (
                "the item of a call in the response's end only",
                source(
                    Line.responseCreated("r1"), Line.outputAdded(call("null"), in: "r1"), callFailed,
                    Line.responseDone("r1", output: call(boom))), "4.2",
                "mcp_call_failed boom http_error 500 c1 r1 cal list_events"
            ),
            (
                "no reason until the response's end",
                source(
                    Line.responseCreated("r1"), Line.outputAdded(call("null"), in: "r1"), callFailed,
                    Line.responseDone("r1")),
                "4.2", "mcp_call_failed - - - c1 r1 cal list_events"
            ),
            ("no item at all", listFailed, "1.2", "mcp_list_tools_failed - - - l1 - - -"),
            (
                "no item in time",
                source(Line.at(0, listFailed), Line.at(9, Line.event("x")), Line.at(10, Line.event("x"))),
                "3.1", "mcp_list_tools_failed - - - l1 - - -"
            ),
        ])
    func mcpFailure_namesServerAndReason(what: String, source: String, position: String, error: String) throws {
        #expect(
            rows(try SessionReplay(of: source)) == ["\(position) error.raised s/error.raised/e_f e_f turn mcp \(error)"]
        )
    }

    @Test("Failures without a reason do not pile up")
    func manyMCPFailures_areRaisedWithoutReason() throws {
        let failures = (0..<70).map { Line.event("mcp_list_tools.failed", #""item_id":"l\#($0)""#) }
        var replay = SessionReplay()
        try replay.feed(failures.joined(separator: "\n"))
        #expect(rows(replay).count == 6)
        replay.end()
        #expect(rows(replay).count == 70)
    }
}
