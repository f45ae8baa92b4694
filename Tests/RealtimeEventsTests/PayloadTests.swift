import EventJSON
import RealtimeEvents
import Testing

@Suite struct PayloadTests {
    private static func response(_ text: String) throws -> Response {
        let event = try RealtimeEvent(json: #"{"type":"response.done","response":\#(text)}"#)
        return try #require(try event.decode(ResponseEvent.self).response)
    }

    @Test("A response of GA and one of the beta decode")
    func response_decodesBothGenerations() throws {
        let new = try Self.response(
            #"{"output_modalities":["audio"],"audio":{"output":{"voice":"marin","format":{"type":"audio/pcm","rate":24000}}}}"#
        )
        #expect(new.outputModalities == [.audio])
        #expect(new.audio?.output?.voice == .plain(.marin))
        #expect(new.audio?.output?.format?.rate == 24000)
        let old = try Self.response(#"{"modalities":["text"],"voice":"alloy","output_audio_format":"pcm16"}"#)
        #expect(old.modalities == [.text])
        #expect(old.voice?.plain == .alloy)
        #expect(old.outputAudioFormat == .pcm16)
    }

    @Test(
        "A token limit is a number, inf or anything else",
        arguments: [
            ("4096", TokenLimit.count(4096)), ("4096.0", .count(4096)), (#""inf""#, .unlimited),
            (#""none""#, .other("none")), ("1.5", .other(1.5)), ("[]", .other([])),
        ])
    func tokenLimit_decodesEveryForm(text: String, limit: TokenLimit) throws {
        #expect(try Self.response(#"{"max_output_tokens":\#(text)}"#).maxOutputTokens == limit)
    }

    @Test("A voice is a name or an object")
    func voice_isANameOrAnObject() throws {
        #expect(try Self.response(#"{"voice":{"id":"voice_1"}}"#).voice?.object?.id == "voice_1")
        #expect(try Self.response(#"{"voice":{"name":"alloy","type":"openai"}}"#).voice?.object?.name == "alloy")
        #expect(try Self.response(#"{"voice":"of tomorrow"}"#).voice?.plain == "of tomorrow")
        #expect(try Self.response(#"{"voice":7}"#).voice == .other(7))
        #expect(try Self.response(#"{"voice":null}"#).voice == nil)
    }

    @Test("Nulls and unexpected values of other servers decode")
    func otherServers_nullsAndUnexpectedValuesDecode() throws {
        let response = try Self.response(
            #"{"id":"r1","status":"completed","status_details":"unimplemented","output":null,"usage":{}}"#)
        #expect(response.id == "r1")
        #expect(response.status == .completed)
        #expect(response.statusDetails == nil)
        #expect(response.output == nil)
        #expect(response.usage == Usage())
    }

    @Test("One type holds the items of every kind")
    func item_holdsEveryKind() throws {
        let response = try Self.response(
            """
            {"output":[
             {"id":"i1","type":"message","role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"Hm."}]},
             {"id":"i2","type":"function_call","role":"user","call_id":"c1","name":"f","arguments":"{}","status":"completed"},
             {"id":"i3","type":"mcp_call","error":{"type":"http_error","code":503,"message":"busy"}},
             {"id":"i4","type":"of tomorrow","output":7},
             null
            ]}
            """)
        let items = try #require(response.output)
        #expect(items.map(\.type) == [.message, .functionCall, .mcpCall, "of tomorrow"])
        #expect(items[0].content?.first?.text == "Hm.")
        #expect(items[0].phase == .commentary)
        #expect(items[1].callID == "c1")
        #expect(items[1].role == .user)
        #expect(items[2].error?.code == 503)
        #expect(items[3].output == nil)
    }

    @Test("A secret prints as three asterisks")
    func secrets_doNotPrint() throws {
        let json: JSONValue = [
            "type": "mcp", "authorization": "sesame", "headers": ["X-Key": "sesame"],
        ]
        let tool = try #require(Tool(json: json))
        var dumped = ""
        dump(tool, to: &dumped)
        #expect(!"\(tool)\(dumped)".contains("sesame"))
        #expect("\(tool)".contains("***"))
        #expect(tool.authorization?.rawValue == "sesame")
        #expect(tool.json == json)
    }

    @Test("A number that JSON cannot represent encodes as null")
    func nonFiniteNumber_encodesAsNull() throws {
        var session = Session()
        session.temperature = .infinity
        #expect(String(decoding: session.jsonBytes, as: UTF8.self) == #"{"temperature":null}"#)
    }
}
