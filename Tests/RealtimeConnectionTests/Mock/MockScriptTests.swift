import ConfigSource
import EventJSON
import RealtimeConnection
import Testing

struct MockScriptTests {
    private static let refund = """
        - user: I want a refund
        - call: get_order
          arguments: { id: 7 }
        - agent: Done.
        """

    @Test("a script becomes the events of a spoken turn, a function call and the answer")
    func script_playsSpokenTurnAndCall() throws {
        let client = try PlayDriver(script: Self.refund)
        client.send([
            "type": "session.update",
            "session": ["type": "realtime", "audio": ["input": ["transcription": ["model": "gpt-realtime-whisper"]]]],
        ])
        #expect(client.newTypes() == ["session.created", "session.updated"])
        client.speak(milliseconds: 100)
        #expect(client.newTypes() == ["input_audio_buffer.speech_started"])
        client.speak(milliseconds: 400)
        let transcription = "conversation.item.input_audio_transcription"
        #expect(
            client.newTypes() == [
                "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "conversation.item.added",
                "conversation.item.done", "\(transcription).delta", "\(transcription).delta", "\(transcription).delta",
                "\(transcription).delta", "\(transcription).completed", "response.created",
            ])
        #expect(client.last("\(transcription).completed")?["transcript"] == "I want a refund")
        client.pass(.milliseconds(50))
        #expect(
            client.newTypes() == [
                "response.output_item.added", "conversation.item.added", "response.function_call_arguments.delta",
                "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "conversation.item.done", "response.output_item.done", "response.done",
            ])
        #expect(client.last("response.function_call_arguments.done")?["arguments"] == #"{"id":7}"#)
        client.answer("call_1", "shipped")
        #expect(client.newTypes() == ["conversation.item.added", "conversation.item.done"])
        client.request()
        #expect(client.newTypes() == ["response.created"])
        client.pass(.milliseconds(50))
        #expect(
            client.newTypes() == [
                "response.output_item.added", "conversation.item.added", "response.content_part.added",
                "response.output_audio_transcript.delta", "response.output_audio.delta", "response.output_audio.delta",
                "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done",
                "conversation.item.done", "response.output_item.done", "response.done",
            ])
        client.pass(.seconds(2))
        #expect(client.ending == "1000 the recording is over")
        #expect(client.faults == [])
    }

    @Test("events of a response in full")
    func script_writesWholeEvents() throws {
        let client = try PlayDriver(script: "- agent: Hi.")
        client.send(["type": "session.update", "session": ["type": "realtime", "output_modalities": ["text"]]])
        client.send(["type": "response.create", "response": ["metadata": ["topic": "greeting"]]])
        client.pass(.milliseconds(50))
        let lines = client.events.dropFirst(2).map { JSONValue.object($0).description }
        let response = #""object":"realtime.response","id":"resp_1""#
        let item = #"{"id":"item_1","type":"message","status":"in_progress","role":"assistant","content":[]}"#
        let done =
            #"{"id":"item_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi."}]}"#
        let place = #""response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0"#
        let rest =
            #""conversation_id":"conv_1","output_modalities":["text"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"alloy"}}"#
        let usage =
            #"{"total_tokens":11,"input_tokens":10,"output_tokens":1,"input_token_details":{"text_tokens":10,"audio_tokens":0,"image_tokens":0,"cached_tokens":0},"output_token_details":{"text_tokens":1,"audio_tokens":0}}"#
        #expect(
            lines == [
                #"{"type":"response.created","event_id":"event_2","response":{\#(response),"status":"in_progress","status_details":null,"output":[],\#(rest),"usage":null,"metadata":{"topic":"greeting"}}}"#,
                #"{"type":"response.output_item.added","event_id":"event_3","response_id":"resp_1","output_index":0,"item":\#(item)}"#,
                #"{"type":"conversation.item.added","event_id":"event_4","previous_item_id":null,"item":\#(item)}"#,
                #"{"type":"response.content_part.added","event_id":"event_5",\#(place),"part":{"type":"text","text":""}}"#,
                #"{"type":"response.output_text.delta","event_id":"event_6",\#(place),"delta":"Hi."}"#,
                #"{"type":"response.output_text.done","event_id":"event_7",\#(place),"text":"Hi."}"#,
                #"{"type":"response.content_part.done","event_id":"event_8",\#(place),"part":{"type":"text","text":"Hi."}}"#,
                #"{"type":"conversation.item.done","event_id":"event_9","previous_item_id":null,"item":\#(done)}"#,
                #"{"type":"response.output_item.done","event_id":"event_10","response_id":"resp_1","output_index":0,"item":\#(done)}"#,
                #"{"type":"response.done","event_id":"event_11","response":{\#(response),"status":"completed","status_details":null,"output":[\#(done)],\#(rest),"usage":\#(usage),"metadata":{"topic":"greeting"}}}"#,
            ])
    }

    @Test("a typed message and a committed one are turns of the user too")
    func userTurn_takesTypedAndCommittedMessages() throws {
        let client = try PlayDriver(script: "- user: Hello\n- agent: Hi!\n- user: Bye\n- agent: Bye!")
        client.send([
            "type": "session.update", "session": ["type": "realtime", "audio": ["input": ["turn_detection": nil]]],
        ])
        client.send([
            "type": "conversation.item.create",
            "item": [
                "id": "mine", "type": "message", "role": "user", "content": [["type": "input_text", "text": "Hey"]],
            ],
        ])
        _ = client.newTypes()
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.done")
        #expect(client.last("conversation.item.added")?["previous_item_id"] == "mine")
        client.speak(milliseconds: 200)
        #expect(client.newTypes() == [])
        client.send(["type": "input_audio_buffer.commit"])
        #expect(
            client.newTypes() == ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"])
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.done")
        client.close()
        #expect(client.faults == [])
    }

    @Test("the user interrupts by speaking")
    func interruption_cutsTheResponse() throws {
        let client = try PlayDriver(script: "- agent: One two three four\n- interrupt: Stop\n- agent: Yes.")
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.output_audio.delta")
        client.speak(milliseconds: 500)
        let types = client.newTypes()
        #expect(types.first == "input_audio_buffer.speech_started")
        #expect(types.suffix(4).first == "input_audio_buffer.committed" && types.last == "response.created")
        let done = client.last("response.done")?["response"]
        #expect(done?["status"] == "cancelled" && done?["status_details"]?["reason"] == "turn_detected")
        #expect(done?["output"]?[0]?["content"]?[0]?["transcript"] == "One two")
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.done")
        client.close()
        #expect(client.faults == [])
    }

    @Test("without voice detection a cancel interrupts")
    func interruption_byCancel() throws {
        let client = try PlayDriver(script: "- agent: One two three four\n- interrupt: Stop")
        client.send([
            "type": "session.update", "session": ["type": "realtime", "audio": ["input": ["turn_detection": nil]]],
        ])
        client.request()
        client.pass(.milliseconds(50))
        client.send(["type": "response.cancel"])
        #expect(client.last("response.done")?["response"]?["status_details"]?["reason"] == "client_cancelled")
        #expect(client.faults == [])
    }

    @Test("several calls, and words before them, are one response")
    func calls_areOneResponse() throws {
        let client = try PlayDriver(
            script: """
                - agent: Let me look.
                - call: get_order
                - call: { get_customer: { name: Ann }, get_stock: }
                - agent: All there.
                """)
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().filter { $0 == "response.done" }.count == 1)
        let output = try #require(client.last("response.done")?["response"]?["output"]?.array)
        #expect(output.map { $0["call_id"] } == [nil, "call_1", "call_2", "call_3"])
        #expect(output.map { $0["arguments"] } == [nil, "{}", #"{"name":"Ann"}"#, "{}"])
        for call in ["call_3", "call_1", "call_2"] { client.answer(call, "ok") }
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.done")
        client.close()
        #expect(client.faults == [])
    }

    @Test("error, wait and expect")
    func script_errorWaitExpect() throws {
        let client = try PlayDriver(
            script: """
                - expect: { type: session.update, session: { instructions: [{ prefix: Be }] } }
                - error: { code: rate_limit_exceeded, message: Too much. }
                - wait: 2s
                - expect: { type: response.create }
                - agent: Hi
                """)
        client.send(["type": "session.update", "session": ["type": "realtime", "instructions": "Rude"]])
        #expect(
            client.faults == [
                """
                message 1, `session.update`: the script expects \
                {"type":"session.update","session":{"instructions":[{"prefix":"Be"}]}} (line 1 of refund.yml), and \
                `session.instructions` does not fit
                """
            ])
        #expect(
            client.last("error") == [
                "type": "error", "event_id": "event_2",
                "error": [
                    "type": "server_error", "code": "rate_limit_exceeded", "message": "Too much.", "param": nil,
                    "event_id": nil,
                ],
            ])
        client.request()
        client.pass(.milliseconds(1999))
        #expect(client.last("response.created") == nil)
        client.pass(.milliseconds(1))
        #expect(client.last("response.created") != nil)
        #expect(client.faults.count == 1)
    }

    @Test("a script as a transcription session: the words of the user, and no response")
    func script_ofTranscription() throws {
        let recording = try MockRecording.of("- user: Hello there\n- user: Bye", isScript: true)
        let client = PlayDriver(recording, intent: "transcription")
        client.send([
            "type": "session.update",
            "session": [
                "type": "transcription", "audio": ["input": ["transcription": ["model": "gpt-4o-transcribe"]]],
            ],
        ])
        client.speak(milliseconds: 500)
        client.speak(milliseconds: 500)
        let words = client.events.compactMap { $0["transcript"]?.string }
        #expect(words == ["Hello there", "Bye"])
        client.close()
        #expect(client.faults == [])
    }

    @Test("settings of a script")
    func script_settings() throws {
        let client = try PlayDriver(
            script: """
                model: gpt-realtime-2
                session: { audio: { output: { voice: marin } } }
                steps:
                  - agent: Hi
                """)
        let session = client.last("session.created")?["session"]
        #expect(session?["model"] == "gpt-realtime-2")
        #expect(
            session?["audio"]?["output"] == [
                "format": ["type": "audio/pcm", "rate": 24000], "voice": "marin", "speed": 1.0,
            ])
    }

    @Test("everything that is wrong with a script, with its place")
    func script_diagnostics() {
        let text = """
            - interrupt: Stop
            - usr: Hello
            - user: 7
            - agent: Hi
              audio: 2s
            - user: Bye
              agent: Hello
            - call: "get_order { id: 7"
            - wait: 2
            - error: { cod: x }
            - expect: { type: [{ prefx: a }] }
            - Hello
            """
        let diagnostics = Diagnostics()
        #expect(MockRecording.read(SourceFile(path: "s.yml", text: text), isScript: true, diagnostics) == nil)
        let expected = """
            s.yml:1:3: error: `interrupt` must follow an `agent` step without calls, whose answer it interrupts
                1 | - interrupt: Stop
                  |   ^

            s.yml:2:3: error: there is no step `usr`
                2 | - usr: Hello
                  |   ^
               help: did you mean `user`?

            s.yml:3:9: error: `user` must be a string, and this is the number `7`
                3 | - user: 7
                  |         ^
               help: quote it: `"7"`

            s.yml:5:3: error: unknown key `audio`
                5 |   audio: 2s
                  |   ^
               help: known keys: `agent`

            s.yml:7:3: error: a step is one of `user`, `agent`, `call`, `interrupt`, `error`, `wait`, `expect`, and this one is `user` already
                7 |   agent: Hello
                  |   ^
               help: begin a step of its own with `- agent: …`

            s.yml:8:9: error: the arguments in `get_order { id: 7` are no mapping
                8 | - call: "get_order { id: 7"
                  |         ^
               help: write `call: NAME` and below it `arguments: { … }`

            s.yml:9:9: error: `wait` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `2` has no unit
                9 | - wait: 2
                  |         ^
               help: add a unit: `2s` or `2ms`

            s.yml:10:12: error: unknown key `cod`
               10 | - error: { cod: x }
                  |            ^
               help: did you mean `code`?

            s.yml:11:22: error: unknown operator `prefx`
               11 | - expect: { type: [{ prefx: a }] }
                  |                      ^
               help: did you mean `prefix`?

            s.yml:12:3: error: a step must be a mapping, and this is the string `Hello`
               12 | - Hello
                  |   ^
               help: write `agent: …` or `user: …` before it
            """
        #expect(diagnostics.rendered() == expected)
    }
}
