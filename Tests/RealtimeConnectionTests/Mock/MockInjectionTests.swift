import EventJSON
import RealtimeConnection
import Testing

struct MockInjectionTests {
    private static let script = "- user: Hello\n- agent: Hi!"

    @Test("the connection is cut after so many events")
    func disconnect_cutsTheConnection() throws {
        let client = try PlayDriver(script: Self.script) { $0.disconnectAfter = 3 }
        client.speak(milliseconds: 500)
        #expect(
            client.newTypes() == [
                "session.created", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
            ])
        #expect(client.ending == "cut")
        client.close()
        #expect(client.faults == [])
    }

    @Test("events come late")
    func delay_sendsLater() throws {
        let client = try PlayDriver(script: Self.script) { $0.delay = .milliseconds(300) }
        #expect(client.newTypes() == [])
        client.pass(.milliseconds(299))
        #expect(client.newTypes() == [])
        client.pass(.milliseconds(1))
        #expect(client.newTypes() == ["session.created"])
    }

    @Test("events of unknown types and unknown fields come in between")
    func unknownEvents_comeInBetween() throws {
        let client = try PlayDriver(script: Self.script) { $0.sendsUnknownEvents = true }
        client.speak(milliseconds: 500)
        client.pass(.milliseconds(50))
        let types = client.newTypes()
        #expect(types.filter { $0 == "mock.unknown_event" }.count > 2)
        #expect(client.events.allSatisfy { $0["type"] == "mock.unknown_event" || $0["mock_unknown_field"] != nil })
        client.close()
        #expect(client.faults == [])
    }

    @Test("the session expires")
    func expiry_endsTheSession() throws {
        let client = try PlayDriver(script: Self.script) { $0.expireAfter = .seconds(3) }
        client.pass(.seconds(3))
        #expect(client.last("error")?["error"]?["code"] == "session_expired")
        #expect(client.ending == "1001 session expired")
        #expect(client.faults == [])
    }

    @Test("the user's words come after the response")
    func lateTranscripts_followTheResponse() throws {
        let client = try PlayDriver(script: Self.script) { $0.sendsTranscriptsLate = true }
        client.send([
            "type": "session.update",
            "session": ["type": "realtime", "audio": ["input": ["transcription": ["model": "whisper-1"]]]],
        ])
        client.speak(milliseconds: 500)
        client.pass(.milliseconds(50))
        let types = client.newTypes()
        #expect(types.last == "conversation.item.input_audio_transcription.completed")
        let response = try #require(types.firstIndex(of: "response.done"))
        let words = types.indices.filter { types[$0].contains("input_audio_transcription") }
        #expect(words.count == 2 && words.allSatisfy { $0 > response })
    }
}
