import EventJSON
import RealtimeEvents
import Testing

@Suite struct ClientEventTests {
    @Test(
        "A client event encodes as one JSON frame",
        arguments: [
            (
                ClientEvent.functionCallOutput("{\"ok\":true}", callID: "c1", eventID: "e1"),
                #"{"type":"conversation.item.create","event_id":"e1","item":{"type":"function_call_output","call_id":"c1","output":"{\"ok\":true}"}}"#
            ),
            (.requestResponse(), #"{"type":"response.create"}"#),
            (.cancelResponse("r1", eventID: "e2"), #"{"type":"response.cancel","event_id":"e2","response_id":"r1"}"#),
            (
                .truncate("i1", audioEndMs: 1500),
                #"{"type":"conversation.item.truncate","item_id":"i1","content_index":0,"audio_end_ms":1500}"#
            ),
            (
                .create(.message("Hello"), behind: "root"),
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}]},"previous_item_id":"root"}"#
            ),
            (
                .create(.message("Hi", role: .assistant)),
                #"{"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}}"#
            ),
            (
                .create(.approval(true, requestID: "a1")),
                #"{"type":"conversation.item.create","item":{"type":"mcp_approval_response","approval_request_id":"a1","approve":true}}"#
            ),
            (.other(["type": "of tomorrow"]), #"{"type":"of tomorrow"}"#),
        ])
    func clientEvent_encodesAsOneFrame(event: ClientEvent, text: String) throws {
        #expect(String(decoding: event.jsonBytes, as: UTF8.self) == text)
        #expect(event.json == (try JSONValue(parsing: text)))
        #expect(event.json["type"]?.string == event.type)
        #expect(ClientEvent(json: event.json).json == event.json)
        #expect(ClientEvent(json: event.json).eventID == event.eventID)
    }

    @Test("A session update contains only the fields that were set")
    func sessionUpdate_encodesOnlySetFields() throws {
        var session = Session()
        session.type = .realtime
        session.toolChoice = .object(ToolReference(["type": "function", "name": "f"]))
        let text = String(decoding: ClientEvent.update(session).jsonBytes, as: UTF8.self)
        #expect(
            text
                == #"{"type":"session.update","session":{"type":"realtime","tool_choice":{"type":"function","name":"f"}}}"#
        )
    }

    @Test("session.update has one case for each dialect")
    func sessionUpdate_hasOneCasePerDialect() {
        let json: JSONValue = ["type": "session.update", "session": ["audio": ["output": ["language": "de"]]]]
        guard case .translationSessionUpdate(let update) = ClientEvent(json: json, dialect: .translation),
            case .sessionUpdate = ClientEvent(json: json)
        else {
            Issue.record("a case of the other dialect")
            return
        }
        #expect(update.session?.audio?.output?.language == "de")
    }

    @Test(
        "An unknown client event keeps its JSON",
        arguments: [JSONValue.null, [], "response.create", [:], ["type": 7], ["type": "session.close"]])
    func unknownClientEvent_keepsItsJSON(json: JSONValue) {
        #expect(ClientEvent(json: json) == .other(json))
        #expect(ClientEvent(json: json).json == json)
    }
}
