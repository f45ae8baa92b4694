import ConfigSource
import EventJSON
import Foundation
import RealtimeConnection
import Testing

struct MockRecordingTests {
    private static let created =
        #"{"type":"session.created","event_id":"e1","session":{"type":"realtime","id":"sess_1","model":"gpt-realtime","instructions":"","tools":[],"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"turn_detection":{"type":"server_vad","create_response":true}},"output":{"voice":"alloy"}}}}"#
    private static let updated =
        #"{"type":"session.updated","event_id":"e2","session":{"type":"realtime","id":"sess_1","model":"gpt-realtime","instructions":"Recorded","tools":[],"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"turn_detection":{"type":"server_vad","create_response":true}},"output":{"voice":"alloy"}}}}"#
    private static let added =
        #"{"type":"conversation.item.added","event_id":"e3","previous_item_id":null,"item":{"id":"item_r","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"Recorded"}]}}"#
    private static let begun =
        #"{"type":"response.created","event_id":"e4","response":{"id":"resp_1","status":"in_progress","output":[]}}"#
    private static let call =
        #"{"type":"response.output_item.added","event_id":"e5","response_id":"resp_1","output_index":0,"item":{"id":"item_c","type":"function_call","call_id":"call_a","name":"f","arguments":""}}"#
    private static let done =
        #"{"type":"response.done","event_id":"e6","response":{"id":"resp_1","status":"completed","output":[]}}"#
    private static let output =
        #"{"type":"conversation.item.added","event_id":"e7","previous_item_id":"item_c","item":{"id":"item_o","type":"function_call_output","call_id":"call_a","output":"recorded"}}"#

    @Test("without the client's lines the mock waits for what the server's events show")
    func inference_typedTurnWithCall() throws {
        let client = try PlayDriver(lines: [
            Self.created, Self.updated, Self.added, Self.begun, Self.call, Self.done, Self.output,
        ])
        #expect(client.newTypes() == ["session.created"])
        client.send(["type": "session.update", "session": ["type": "realtime", "instructions": "Live"]])
        #expect(client.newTypes() == ["session.updated"])
        #expect(client.last("session.updated")?["session"]?["instructions"] == "Live")
        client.send([
            "type": "conversation.item.create",
            "item": [
                "id": "mine", "type": "message", "role": "user", "content": [["type": "input_text", "text": "Live"]],
            ],
        ])
        #expect(
            client.last("conversation.item.added") == [
                "type": "conversation.item.added", "event_id": "e3", "previous_item_id": nil,
                "item": [
                    "id": "mine", "type": "message", "role": "user", "status": "completed",
                    "content": [["type": "input_text", "text": "Live"]],
                ],
            ])
        #expect(client.newTypes() == ["conversation.item.added"])
        client.request()
        client.pass(.milliseconds(50))
        #expect(client.newTypes() == ["response.created", "response.output_item.added", "response.done"])
        client.answer("call_a", "live")
        #expect(client.last("conversation.item.added")?["item"]?["output"] == "live")
        client.close()
        #expect(client.faults == [])
    }

    @Test("audio is waited for on the server's clock, and a response that voice detection begins is not asked for")
    func inference_spokenTurn() throws {
        let client = try PlayDriver(lines: [
            Self.created,
            #"{"type":"input_audio_buffer.speech_started","audio_start_ms":300,"item_id":"item_u"}"#,
            #"{"type":"input_audio_buffer.speech_stopped","audio_end_ms":1200,"item_id":"item_u"}"#,
            #"{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_u"}"#, Self.begun,
            #"{"type":"response.output_audio.delta","response_id":"resp_1","item_id":"item_a","content_index":0,"delta":4800}"#,
            Self.done,
        ])
        client.speak(milliseconds: 200)
        #expect(client.newTypes() == ["session.created"])
        client.speak(milliseconds: 100)
        #expect(client.newTypes() == ["input_audio_buffer.speech_started"])
        client.speak(milliseconds: 900)
        client.pass(.milliseconds(50))
        #expect(
            client.newTypes() == [
                "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "response.created",
                "response.output_audio.delta", "response.done",
            ])
        let audio = client.last("response.output_audio.delta")?["delta"]?.string
        #expect(audio == String(repeating: "A", count: 6400))
        client.close()
        #expect(client.faults == [])
    }

    @Test("the client's lines are waited for, and its event ids stand in errors")
    func clientLines_areAwaited() throws {
        let recorded = [
            #"{"recording":1,"session":"call","started":"2026-01-31T22:00:00Z"}"#,
            #"{"at":0,"direction":"server","event":\#(Self.created)}"#,
            #"{"at":0.1,"direction":"client","event":{"type":"response.create","event_id":"r1"}}"#,
            #"{"at":0.2,"direction":"server","event":\#(Self.begun)}"#,
            #"{"at":0.3,"direction":"client","event":{"type":"response.create","event_id":"r2"}}"#,
            #"{"at":0.4,"direction":"server","event":{"type":"error","event_id":"e9","error":{"code":"conversation_already_has_active_response","event_id":"r2"}}}"#,
            #"{"at":0.5,"direction":"server","event":\#(Self.done)}"#,
            #"{"session":"call","at":0.6,"end":true,"reason":"closed"}"#,
        ]
        let client = try PlayDriver(lines: recorded)
        client.send(["type": "response.create", "event_id": "l1"])
        client.send(["type": "response.create", "event_id": "l2"])
        client.pass(.milliseconds(50))
        #expect(client.newTypes() == ["session.created", "response.created", "error", "response.done"])
        #expect(client.last("error")?["error"]?["event_id"] == "l2")
        client.close()
        #expect(client.faults == [])
    }

    @Test("sessions of one recording have ids of their own")
    func sessions_haveOwnIDs() throws {
        let client = try PlayDriver(lines: [Self.created], number: 3)
        #expect(client.last("session.created")?["session"]?["id"] == "sess_1_3")
    }

    @Test("a client that does not do its part")
    func wait_endsWithWhatWasAwaited() throws {
        let client = try PlayDriver(lines: [Self.created, Self.updated, Self.begun, Self.call, Self.done, Self.output])
        client.send(["type": "session.update", "session": ["type": "realtime"]])
        client.request()
        client.pass(.milliseconds(50))
        client.send(["type": "input_audio_buffer.clear"])
        client.pass(.seconds(10))
        #expect(
            client.faults == [
                """
                waited 10s for `conversation.item.create` with the output of the call `call_a` (line 6 of call.jsonl); \
                instead came `input_audio_buffer.clear`
                """
            ])
        #expect(client.ending == "1008 waited for `conversation.item.create` with the output of the call `call_a`")
    }

    @Test("a client that leaves early")
    func close_beforeTheEnd() throws {
        let client = try PlayDriver(lines: [Self.created, Self.updated, Self.begun, Self.done])
        client.close()
        #expect(
            client.faults == ["the client closed the connection before it sent `session.update` (line 2 of call.jsonl)"]
        )
    }

    @Test("the recording's own pace, faster or slower")
    func speed_keepsThePace() throws {
        let lines = [
            #"{"at":0,"event":\#(Self.created)}"#,
            #"{"at":1.5,"event":{"type":"rate_limits.updated","rate_limits":[]}}"#,
        ]
        let client = try PlayDriver(lines: lines) { $0.speed = 3 }
        client.pass(.milliseconds(499))
        #expect(client.newTypes() == ["session.created"])
        client.pass(.milliseconds(1))
        #expect(client.newTypes() == ["rate_limits.updated"])
    }

    @Test("files that cannot be played")
    func reading_reportsWhatIsWrong() {
        let texts = [
            #"{"recording":1}"#: """
            call.jsonl: error: the recording holds no event of the server
               help: a recording has one server event per line, or envelopes with `direction` and `event`
            """,
            #"{"session":"a","event":{"type":"x"}}"# + "\n" + #"{"session":"b","event":{"type":"x"}}"#: """
            call.jsonl:2:1: error: the recording holds several sessions, `a` and `b`
                2 | {"session":"b","event":{"type":"x"}}
                  | ^
            """,
        ]
        for (text, expected) in texts {
            let diagnostics = Diagnostics()
            #expect(MockRecording.read(SourceFile(path: "call.jsonl", text: text), isScript: false, diagnostics) == nil)
            #expect(diagnostics.rendered() == expected)
        }
    }

    @Test(
        "a client that sends exactly what the recorded one sent does nothing wrong",
        arguments: [
            "beta-names", "failed-response", "interruption", "spoken-turn", "answered-tool-call", "late-transcripts",
        ])
    func samples_withTheRecordedClient(name: String) throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../../Examples/Sessions").standardized.path
        let path = "\(folder)/\(name).jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        let client = PlayDriver(try #require(MockRecording.load(path: path, Diagnostics())))
        let answered = lines.compactMap { $0["direction"] == "client" ? $0["event"]?["item"]?["call_id"]?.string : nil }
        var serverCount = 0
        for line in lines {
            guard let event = line["event"] else { continue }
            if line["direction"] != "client" {
                serverCount += 1
                continue
            }
            // Audio stands in the recording by its length, and comes below.
            if event["audio"] != nil { continue }
            try reach(serverCount, client, except: answered)
            client.send(event)
        }
        try reach(serverCount, client, except: answered)
        client.pass(.seconds(2))
        #expect(client.faults == [])
        #expect(client.ending == "1000 the recording is over")
        #expect(client.events.count == serverCount)
    }

    /// Speaks, and answers calls but for some, until so many events have come.
    private func reach(_ count: Int, _ client: PlayDriver, except answered: [String]) throws {
        var attempts = 0
        while client.events.count < count, client.faults.isEmpty {
            let types = client.newTypes()
            let output =
                types.contains("response.done") ? client.last("response.done")?["response"]?["output"]?.array : nil
            let calls = (output ?? []).compactMap { $0["call_id"]?.string }
                .filter { !answered.contains($0) }
            for call in calls { client.answer(call, "{}") }
            if calls.isEmpty { client.speak(milliseconds: 100) } else { client.request() }
            client.pass(.milliseconds(60))
            attempts += 1
            try #require(attempts < 500)
        }
    }

    @Test(
        "the sample sessions are played to the end by a client that speaks, types and answers calls",
        arguments: [
            "quickstart", "spoken-turn", "tool-call", "answered-tool-call", "parallel-tool-calls", "late-transcripts",
            "transcription-only",
        ])
    func samples_play(name: String) throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../../Examples/Sessions").standardized.path
        let recording = try #require(MockRecording.load(path: "\(folder)/\(name).jsonl", Diagnostics()))
        let client = PlayDriver(recording)
        let kind = client.last("session.created")?["session"]?["type"] ?? "realtime"
        client.send(["type": "session.update", "session": ["type": kind]])
        var milliseconds = 0
        while client.ending == nil, client.faults.isEmpty {
            let types = client.newTypes()
            if types.contains("response.done") {
                let output = client.last("response.done")?["response"]?["output"]?.array ?? []
                let calls = output.compactMap { $0["call_id"]?.string }
                for call in calls { client.answer(call, "{}") }
                if !calls.isEmpty { client.request() }
            } else if name.hasSuffix("tool-call"), types.contains("session.updated") {
                client.send([
                    "type": "conversation.item.create",
                    "item": [
                        "type": "message", "role": "user", "content": [["type": "input_text", "text": "Hello"]],
                    ],
                ])
                client.request()
            } else {
                milliseconds += 100
                if milliseconds <= 60_000 { client.speak(milliseconds: 100) }
            }
            client.pass(.milliseconds(100))
        }
        #expect(client.faults == [])
        #expect(client.ending == "1000 the recording is over")
    }
}
