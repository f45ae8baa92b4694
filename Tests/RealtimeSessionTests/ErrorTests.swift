import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct ErrorTests {
    @Test(
        "The code determines the class of an error",
        arguments: [
            ("response_cancel_not_active", "benign"), ("conversation_already_has_active_response", "benign"),
            ("input_audio_buffer_commit_empty", "benign"), ("unknown_parameter", "session"), (nil, "session"),
            ("insufficient_quota", "fatal"), ("invalid_api_key", "fatal"), ("account_deactivated", "fatal"),
            ("billing_hard_limit_reached", "fatal"), ("session_expired", "fatal"), ("beta_api_shape_disabled", "fatal"),
        ] as [(String?, String)])
    func errorCode_determinesTheClass(code: String?, errorClass: String) throws {
        let replay = try SessionReplay(of: Line.error(code, of: "mine"))
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "message", "client_event_id", "event_id")
                == [
                    "1.2 error.raised \(errorClass) server \(code ?? "-") No. mine s/error.raised/e_err"
                ])
    }

    @Test("A failed response is an error of its turn")
    func failedResponse_raisesATurnError() throws {
        let details =
            #"{"type":"failed","error":{"type":"server_error","code":"inference_rate_limit_exceeded","message":"Slow down."}}"#
        let replay = try SessionReplay(
            of: source(Line.userText("u1", "x"), Line.responseDone("r1", "failed", details: details)))
        #expect(
            replay.rows(
                .routerErrorRaised, .routerResponseDone, fields: "class", "source", "code", "error_code", "status",
                "event_id") == [
                    "2.1 response.done - - - inference_rate_limit_exceeded failed s/response.done/r1",
                    "2.2 error.raised turn response inference_rate_limit_exceeded - - s/error.raised/line-2",
                ])
    }

    @Test("An incomplete response raises its reason as the code")
    func incompleteResponse_raisesItsReason() throws {
        let details = #"{"type":"incomplete","reason":"max_output_tokens"}"#
        let replay = try SessionReplay(of: Line.responseDone("r1", "incomplete", details: details))
        #expect(
            replay.rows(.routerErrorRaised, .routerResponseDone, fields: "class", "code", "reason") == [
                "1.2 response.done - - max_output_tokens", "1.3 error.raised turn max_output_tokens -",
            ])
    }

    @Test("An account without quota is fatal in a response too")
    func missingQuota_isFatalInAResponse() throws {
        let details = #"{"error":{"code":"insufficient_quota"}}"#
        let replay = try SessionReplay(of: Line.responseDone("r1", "failed", details: details))
        #expect(replay.rows(.routerErrorRaised, fields: "class", "source") == ["1.3 error.raised fatal response"])
    }

    /// xAI sends the details as a string and the usage beside the response.
    @Test("Unexpected details are ignored, and usage beside the response counts")
    func unexpectedDetails_areIgnored() throws {
        let line = Line.event(
            "response.done",
            #""response":{"id":"r1","status":"completed","status_details":"unimplemented","usage":{},"output":null},"#
                + #""usage":{"total_tokens":3,"grok_tokens":1}"#)
        let replay = try SessionReplay(of: line)
        #expect(
            replay.rows(.routerResponseDone, fields: "reason", "usage") == [
                #"1.2 response.done - {"total_tokens":3,"grok_tokens":1}"#
            ])
    }

    @Test(
        "An MCP failure is an error",
        arguments: [
            ("response.mcp_call.failed", "mcp_call_failed"), ("mcp_list_tools.failed", "mcp_list_tools_failed"),
        ])
    func mcpFailure_raisesAnError(type: String, code: String) throws {
        let replay = try SessionReplay(of: Line.event(type, #""item_id":"m1""#))
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "item_id") == [
                "1.2 error.raised turn mcp \(code) m1"
            ])
    }
}
