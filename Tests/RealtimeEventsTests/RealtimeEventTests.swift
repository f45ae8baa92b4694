import EventJSON
import RealtimeEvents
import Testing

@Suite struct RealtimeEventTests {
    @Test("An event keeps its bytes and the type's name on the wire")
    func event_keepsItsBytesAndWireType() throws {
        let text = #"{"type":"response.text.delta","event_id":"e1","delta":"Hi","new":{"a":[1.50]}}"#
        let event = try RealtimeEvent(json: text, position: EventPosition(line: 7), at: 1.5)
        #expect(event.type == .responseOutputTextDelta)
        #expect(event.wireType == "response.text.delta")
        #expect(event.eventID == "e1")
        #expect(event.position.description == "7")
        #expect(event.at == 1.5)
        #expect(event.bytes == Array(text.utf8))
        #expect(event.json["new"]?["a"]?[0]?.description == "1.50")
        let delta = try event.decode(OutputDelta.self)
        #expect(delta.delta == "Hi")
        #expect(delta.type == "response.text.delta")
        #expect(event.payload == .responseOutputTextDelta(delta))
    }

    @Test(
        "An event without a string type has the type \"\"",
        arguments: [#"{}"#, #"{"type":null}"#, #"{"type":7}"#, #"{"type":["error"]}"#, #"{"type":""}"#])
    func eventWithoutType_hasTheEmptyType(text: String) throws {
        let event = try RealtimeEvent(json: text)
        #expect(event.type == "")
        #expect(event.type.code == .unknown)
        #expect(event.payload == .unknown(event.json))
    }

    @Test("An event of an unknown type keeps its JSON")
    func unknownType_keepsItsJSON() throws {
        let event = try RealtimeEvent(json: #"{"type":"ping","event_id":"p1","timestamp":1785214084929}"#)
        #expect(event.type.name == "ping")
        #expect(event.payload.json == event.json)
        #expect(event.payload.eventID == "p1")
        #expect(event.payload.payload == nil)
    }

    @Test("The dialect distinguishes payloads of the same type")
    func dialect_distinguishesTheSameType() throws {
        let text = #"{"type":"session.created","event_id":"e1","session":{"id":"s1","type":"translation"}}"#
        guard case .sessionCreated(let conversation) = try RealtimeEvent(json: text).payload,
            case .translationSessionCreated(let translation) = try RealtimeEvent(json: text, dialect: .translation)
                .payload
        else {
            Issue.record("a case of the other dialect")
            return
        }
        #expect(conversation.session?.type == .translation)
        #expect(translation.session?.id == "s1")
        let delta = try RealtimeEvent(json: #"{"type":"response.done"}"#, dialect: .translation)
        #expect(delta.payload == .unknown(["type": "response.done"]))
    }

    @Test(
        "An event must be a JSON object",
        arguments: [
            ("[]", "an event must be a JSON object"), ("\"x\"", "an event must be a JSON object"),
            ("null", "an event must be a JSON object"),
        ])
    func event_mustBeAnObject(text: String, message: String) {
        #expect(throws: EventDecodingError.notAnObject) { try RealtimeEvent(json: text) }
        #expect(EventDecodingError.notAnObject.description == message)
    }

    @Test("Invalid JSON reports its position")
    func invalidText_reportsThePosition() throws {
        let event = RealtimeEvent(
            bytes: Array("{\"a\":}".utf8), type: "", wireType: "", position: EventPosition(line: 1))
        let error = try #require(throws: EventDecodingError.self) { try event.decode(ResponseEvent.self) }
        guard case .syntax(let syntax) = error else {
            Issue.record("no syntax error: \(error)")
            return
        }
        #expect(error.description == syntax.description)
        #expect(syntax.offset == 5)
        #expect(event.json == .null)
    }
}
