import Testing

/// Sessions without transcription: routes on the user's words cannot fire, and `run` warns about it.
@Suite struct UnheardSessionTests {
    private let spoken = """
        {"type":"input_audio_buffer.committed","item_id":"item_1","previous_item_id":null}
        {"type":"conversation.item.added","item":{"id":"item_1","type":"message","role":"user","content":[{"type":"input_audio"}]}}

        """
    private let transcribed = """
        {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_1","content_index":0,"transcript":"Hi."}

        """

    private func created(_ id: String, transcription: String = "null") -> String {
        #"{"type":"session.created","session":{"id":"\#(id)","audio":{"input":{"transcription":\#(transcription)}}}}"#
            + "\n"
    }

    private func warning(_ session: String, routes: String? = nil) async throws -> String {
        let place = try routes.map { try Workplace(routes: $0) } ?? Workplace()
        try place.write("session.jsonl", session)
        let ending = try await place.run("run", "session.jsonl")
        #expect(ending.code == 0)
        return ending.error
    }

    @Test func unheardSession_warns() async throws {
        #expect(
            try await warning(created("a") + spoken) == """
                warning: the user spoke and the session transcribed nothing of it, so there were no words for \
                `everything that was said`, `refunds`, `the call as it goes`; set `audio.input.transcription` in the \
                session's configuration

                """)
    }

    @Test func unheardSession_severalSessions_warnsOnce() async throws {
        let sessions =
            created("a") + spoken + created("b", transcription: #"{"model":"whisper-1"}"#) + spoken + transcribed
            + created("c") + spoken
        #expect(
            try await warning(sessions).hasPrefix(
                "warning: the user spoke and 2 of 3 sessions transcribed nothing of it"))
    }

    @Test func unheardSession_withoutCause_doesNotWarn() async throws {
        #expect(try await warning(created("a")) == "", "nobody spoke")
        #expect(
            try await warning(created("a") + spoken + transcribed) == "", "a server transcribes without being told to")
        #expect(try await warning(spoken) == "", "nobody knows how the session is configured")
        let routes = """
            version: 1
            handlers:
              console: { type: console }
            routes:
              - name: agent
                match: { type: router.utterance.done, role: assistant }
                to: console
              - name: others
                match: { type: [ router.turn.done, response.done ] }
                to: console

            """
        #expect(try await warning(created("a") + spoken, routes: routes) == "", "no route wants the user's words")
    }
}
