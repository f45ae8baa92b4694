import EventJSON
import RealtimeEvents
import Testing

/// An event's text decodes to the same payload as its JSON tree, whatever the order of its members and the unknown
/// members between them.
struct MemberOrderTests {
    private static let events = [
        #"{"type":"response.done","event_id":"e","response":{"id":"r","status":"completed","output":[{"id":"i","type":"message","content":[{"type":"audio","transcript":"hé"}]},7],"usage":{"total_tokens":7,"input_tokens":3,"output_tokens":4},"metadata":{"a":"b"},"max_output_tokens":"inf","audio":{"output":{"voice":"marin","speed":1.5}}}}"#,
        #"{"usage":{"output_tokens":4,"total_tokens":7,"total_tokens":8},"response_id":"x","response":{"voice":{"id":"v"},"usage":null,"status":5,"status":"failed","id":"r","id":null},"event_id":"e","type":"response.done"}"#,
        #"{"respons\u0065":{"\u0069d":"r","id":"s","\u0073tatus":"completed"},"type":"a","\u0074ype":"b","event_id":"e"}"#,
        #" { "response" : { "id" : "r" , "max_output_tokens" : 5.0e1 } , "unknown" : [ { "type" : "x" } , "é\n" ] , "type" : "t" } "#,
        #"{"unknown":{"response":{"id":"no"}},"response":"odd","event_id":7,"response":{"metadata":{"a":1,"b":"c","b":2},"output":[]}}"#,
        #"{"response":{"id":"r"},"response":[],"type":"t"}"#, "{}",
    ]

    @Test("An event's text decodes to the same payload as its JSON tree", arguments: events)
    func payload_fromTextEqualsPayloadFromTree(text: String) throws {
        let object = try #require(try JSONValue(parsing: text).object)
        #expect(try RealtimeEvent(json: text).decode(ResponseEvent.self) == ResponseEvent(object))
    }

    @Test("The order of the members does not change the payload", arguments: events)
    func payload_ignoresMemberOrder(text: String) throws {
        let members = Array(try #require(try JSONValue(parsing: text).object))
        for first in members.indices {
            let turned = JSONObject(members[first...] + members[..<first])
            for object in [turned, JSONObject(turned.reversed())] {
                let event = try RealtimeEvent(json: JSONValue.object(object).description)
                #expect(try event.decode(ResponseEvent.self) == ResponseEvent(object))
            }
        }
    }

    @Test("Only a JSON object decodes as an event", arguments: ["[]", "7", #""{}""#, "null", "[{}]"])
    func decoding_acceptsOnlyObjects(text: String) {
        let event = RealtimeEvent(bytes: Array(text.utf8), type: "", wireType: "", position: EventPosition(line: 1))
        #expect(throws: EventDecodingError.notAnObject) { try event.decode(ResponseEvent.self) }
    }

    @Test(
        "Invalid JSON is a syntax error",
        arguments: [#"{"response":{"id":"r"}"#, #"{"response":{"id":"r",}}"#, #"{"x":[1 2]}"#, "{} {}", "[", ""])
    func decoding_rejectsInvalidJSON(text: String) throws {
        let event = RealtimeEvent(bytes: Array(text.utf8), type: "", wireType: "", position: EventPosition(line: 1))
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
        #expect(throws: EventDecodingError.syntax(error)) { try event.decode(ResponseEvent.self) }
    }
}
