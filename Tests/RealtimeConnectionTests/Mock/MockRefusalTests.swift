import EventJSON
import RealtimeConnection
import Testing

struct MockRefusalTests {
    private static let update: JSONValue = ["type": "session.update", "session": ["type": "realtime"]]

    @Test(
        "every fault against the definitions has its path and reason",
        arguments: [
            (
                #"{"type":"session.update","session":{"type":"realtime","voice":"alloy"}}"#,
                "message 1, `session.update`: `session.voice` is not known: it was the beta's; write `session.audio.output.voice`",
                ["unknown_parameter", "Unknown parameter: 'session.voice'.", "session.voice"]
            ),
            (
                #"{"type":"session.update","session":{"instructions":"Hi"}}"#,
                "message 1, `session.update`: `session.type` is missing",
                ["missing_required_parameter", "Missing required parameter: 'session.type'.", "session.type"]
            ),
            (
                #"{"type":"session.update","session":{"type":"realtime","instructions":7}}"#,
                "message 1, `session.update`: `session.instructions` must be a string or null, and is a number",
                [
                    "invalid_type",
                    "Invalid type for 'session.instructions': it must be a string or null, and is a number.",
                    "session.instructions",
                ]
            ),
            (
                #"{"type":"session.update","session":{"type":"realtime","output_modalities":["voice"]}}"#,
                #"message 1, `session.update`: `session.output_modalities[0]` must be one of "text", "audio", and is "voice""#,
                [
                    "invalid_value",
                    #"Invalid value for 'session.output_modalities[0]': it must be one of "text", "audio", and is "voice"."#,
                    "session.output_modalities[0]",
                ]
            ),
            (
                #"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}}"#,
                "message 1, `session.update`: `session.audio.input.format.rate` must be one of 24000, null, and is 16000",
                [
                    "invalid_value",
                    "Invalid value for 'session.audio.input.format.rate': it must be one of 24000, null, and is 16000.",
                    "session.audio.input.format.rate",
                ]
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":{"a":1}}}"#,
                "message 1, `conversation.item.create`: `item.output` must be a string, and is an object",
                [
                    "invalid_type", "Invalid type for 'item.output': it must be a string, and is an object.",
                    "item.output",
                ]
            ),
            (
                #"{"type":"session.start"}"#,
                "message 1, `session.start`: clients do not send events of this type",
                [
                    "invalid_value",
                    "Invalid value: 'session.start'. Supported values are: 'conversation.item.create', "
                        + "'conversation.item.delete', 'conversation.item.retrieve', 'conversation.item.truncate', "
                        + "'input_audio_buffer.append', 'input_audio_buffer.clear', 'input_audio_buffer.commit', "
                        + "'output_audio_buffer.clear', 'response.cancel', 'response.create', 'session.update'.",
                    "type",
                ]
            ),
            (
                #"{"event_id":"x"}"#, "message 1: `type` is missing",
                ["missing_required_parameter", "Missing required parameter: 'type'.", "type"]
            ),
            (
                "[1]", "message 1: is not a JSON object",
                ["invalid_json", "We could not parse the JSON body of your request.", nil]
            ),
        ] as [(String, String, [String?])])
    func definition_faults(text: String, fault: String, error: [String?]) throws {
        let client = try PlayDriver(script: "- agent: Hi")
        client.send(text: text)
        #expect(client.faults == [fault])
        let seen = client.last("error")?["error"]
        #expect(seen?["type"] == "invalid_request_error")
        #expect(["code", "message", "param"].map { seen?[$0]?.string } == error)
    }

    @Test("every fault of an event is reported, and the event has no effect")
    func definition_allFaults() throws {
        let client = try PlayDriver(script: "- agent: Hi")
        client.send([
            "type": "session.update", "event_id": "mine",
            "session": [
                "type": "realtime", "speed": 2, "instructions": "New", "tools": [["type": "function", "nme": "f"]],
            ],
        ])
        #expect(
            client.faults == [
                "message 1, `session.update`: `session.tools[0].nme` is not known; did you mean `name`?",
                "message 1, `session.update`: `session.speed` is not known: it was the beta's; write `session.audio.output.speed`",
            ])
        #expect(client.last("error")?["error"]?["event_id"] == "mine")
        #expect(client.last("session.updated") == nil)
    }

    private func refused(
        _ script: String = "- agent: Hello there\n- agent: Bye", _ act: (PlayDriver) -> Void
    ) throws -> (fault: String?, error: JSONValue?) {
        let client = try PlayDriver(script: script, model: "gpt-realtime")
        act(client)
        #expect(client.faults.count < 2)
        return (client.faults.first, client.last("error")?["error"])
    }

    @Test("commit of an empty buffer")
    func commit_empty() throws {
        let seen = try refused { $0.send(["type": "input_audio_buffer.commit", "event_id": "c1"]) }
        let message =
            "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 0.00ms of audio."
        #expect(seen.fault == "message 1, `input_audio_buffer.commit`: \(message)")
        #expect(
            seen.error == [
                "type": "invalid_request_error", "code": "input_audio_buffer_commit_empty",
                "message": .string(message), "param": nil, "event_id": "c1",
            ])
    }

    @Test("an output for an unknown call, and a second one for the same call")
    func output_unknownOrTwice() throws {
        let seen = try refused { $0.answer("call_9", "x") }
        #expect(seen.fault == "message 1, `conversation.item.create`: Tool call ID 'call_9' not found in conversation.")
        #expect(seen.error?["code"] == "invalid_tool_call_id")
        let twice = try refused("- call: f\n- agent: Hi") { client in
            client.request()
            client.pass(.milliseconds(50))
            client.answer("call_1", "x")
            client.answer("call_1", "x")
        }
        #expect(twice.fault == "message 3, `conversation.item.create`: Tool call ID 'call_1' has an output already.")
    }

    @Test("a second response while one is active")
    func create_whileActive() throws {
        let seen = try refused { client in
            client.request()
            client.request()
        }
        let message = """
            Conversation already has an active response in progress: resp_1. Wait until the response is finished before \
            creating a new one.
            """
        #expect(seen.fault == "message 2, `response.create`: \(message)")
        #expect(seen.error?["code"] == "conversation_already_has_active_response")
    }

    @Test("audio that is no PCM16")
    func append_wrongAudio() throws {
        let odd = try refused { $0.send(["type": "input_audio_buffer.append", "audio": "AAAA"]) }
        #expect(odd.fault == "message 1, `input_audio_buffer.append`: `audio` has 3 bytes, and a sample of PCM16 has 2")
        #expect(odd.error?["code"] == "invalid_value" && odd.error?["param"] == "audio")
        let text = try refused { $0.send(["type": "input_audio_buffer.append", "audio": "hello"]) }
        #expect(text.fault == "message 1, `input_audio_buffer.append`: `audio` is not base64")
        let file = try refused { client in
            let audio = Base64.encode(Array("RIFF\0\0\0\0WAVE".utf8))
            client.send(["type": "input_audio_buffer.append", "audio": .string(audio)])
        }
        #expect(file.fault == "message 1, `input_audio_buffer.append`: `audio` must be raw samples, and is a WAV file")
    }

    @Test("truncation beyond what was sent, and of an unknown item")
    func truncate_tooFar() throws {
        func truncate(_ item: String, _ end: Int) -> JSONValue {
            [
                "type": "conversation.item.truncate", "item_id": .string(item), "content_index": 0,
                "audio_end_ms": .number(JSONNumber(end)),
            ]
        }
        let seen = try refused { client in
            client.request()
            client.pass(.milliseconds(50))
            client.send(truncate("item_1", 800))
            client.send(truncate("item_1", 801))
        }
        #expect(
            seen.fault
                == "message 3, `conversation.item.truncate`: Audio content of 800ms is already shorter than 801ms")
        #expect(seen.error?["code"] == "invalid_value" && seen.error?["param"] == "audio_end_ms")
        let unknown = try refused { $0.send(truncate("item_7", 1)) }
        #expect(unknown.error?["code"] == "item_truncate_invalid_item_id")
    }

    @Test("a cancel without a response is answered, and no fault")
    func cancel_withoutResponse() throws {
        let seen = try refused { $0.send(["type": "response.cancel"]) }
        #expect(seen.fault == nil)
        #expect(seen.error?["code"] == "response_cancel_not_active")
    }

    @Test("a cancel that the script does not foresee ends the response")
    func cancel_endsTheResponse() throws {
        let client = try PlayDriver(script: "- agent: Hello there\n- agent: Bye")
        client.request()
        client.send(["type": "response.cancel"])
        #expect(client.newTypes() == ["session.created", "response.created", "response.done"])
        #expect(
            client.last("response.done")?["response"]?["status_details"] == [
                "type": "cancelled", "reason": "client_cancelled",
            ])
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes().last == "response.done")
        client.close()
        #expect(client.faults == [])
    }

    @Test("updates of what may not change")
    func update_forbidden() throws {
        let model = try refused {
            $0.send(["type": "session.update", "session": ["type": "realtime", "model": "gpt-5"]])
        }
        #expect(
            model.fault
                == "message 1, `session.update`: Cannot update a session's model: it is 'gpt-realtime', not 'gpt-5'.")
        let voice = try refused { client in
            client.request()
            client.pass(.milliseconds(50))
            client.send([
                "type": "session.update", "session": ["type": "realtime", "audio": ["output": ["voice": "ash"]]],
            ])
        }
        #expect(
            voice.fault
                == "message 2, `session.update`: Cannot update a conversation's voice if assistant audio is present.")
        #expect(voice.error?["code"] == "cannot_update_voice")
    }

    @Test("where the URL names no model, the client may")
    func update_modelWithoutQuery() throws {
        let client = try PlayDriver(script: "- agent: Hi")
        client.send(["type": "session.update", "session": ["type": "realtime", "model": "gpt-realtime-2"]])
        #expect(client.last("session.updated")?["session"]?["model"] == "gpt-realtime-2")
        #expect(client.faults == [])
    }

    @Test("items that are not there, and ids that are taken")
    func items_unknownOrTaken() throws {
        for (event, code) in [
            ("conversation.item.delete", "item_delete_invalid_item_id"),
            ("conversation.item.retrieve", "item_retrieve_invalid_item_id"),
        ] {
            let seen = try refused { $0.send(["type": .string(event), "item_id": "item_7"]) }
            #expect(seen.error?["code"]?.string == code)
        }
        let message: JSONValue = [
            "type": "conversation.item.create", "previous_item_id": nil,
            "item": ["id": "a", "type": "message", "role": "user", "content": []],
        ]
        let taken = try refused { client in
            client.send(message)
            client.send(message)
        }
        #expect(taken.error?["code"] == "item_create_duplicate_item_id")
    }

    @Test("a response that the script does not have")
    func create_withoutResponse() throws {
        let client = try PlayDriver(script: "- agent: Hello there\n- wait: 60s")
        client.request()
        client.pass(.milliseconds(50))
        client.request()
        #expect(client.faults == [])
        let recording = try PlayDriver(lines: [
            #"{"type":"session.created","session":{"type":"realtime"}}"#,
            #"{"type":"input_audio_buffer.cleared"}"#,
        ])
        recording.request()
        #expect(
            recording.faults == [
                """
                message 1, `response.create`: it asks for a response, and the recording has none from line 2 of call.jsonl \
                on
                """
            ])
    }
}
