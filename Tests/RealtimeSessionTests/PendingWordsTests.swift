import RealtimeEvents
import RealtimeSession
import Testing

/// The user's utterances without a final transcript, during the session and at its end.
@Suite struct PendingWordsTests {
    private func pending(_ lines: String..., transcribes: Bool = true) throws -> (now: Bool, atEnd: String) {
        var replay = SessionReplay()
        try replay.feed(Line.sessionCreated(transcribes: transcribes))
        try replay.feed(lines.joined(separator: "\n"))
        let now = replay.hasPendingWords()
        replay.end()
        let row = replay.rows(.routerSessionEnded, fields: "words_pending").first
        return (now, row?.split(separator: " ").last.map(String.init) ?? "")
    }

    @Test func pendingWords_areThoseOfSpeechThatHasBegun() throws {
        #expect(try pending(Line.speechStarted("u1")) == (true, "1"))
    }

    @Test func pendingWords_areThoseOfCommittedItems() throws {
        #expect(try pending(Line.committed("u1"), Line.committed("u2", after: "u1")) == (true, "2"))
        #expect(try pending(Line.spoken("u1"), Line.heardDelta("u1", "Hel")) == (true, "1"))
    }

    @Test(arguments: [Line.transcribed("u1", "Hello"), Line.transcriptionFailed("u1"), Line.deleted("u1")])
    func pendingWords_endWithTheTranscription(_ event: String) throws {
        #expect(try pending(Line.spoken("u1"), event) == (false, "-"))
    }

    @Test func pendingWords_endWithTheAudio() throws {
        #expect(try pending(Line.speechStarted("u1"), Line.event("input_audio_buffer.cleared")) == (false, "-"))
        // Committed audio is no longer in the buffer.
        #expect(try pending(Line.committed("u1"), Line.event("input_audio_buffer.cleared")) == (true, "1"))
    }

    @Test func pendingWords_areNoneWithoutTranscription() throws {
        #expect(try pending(Line.spoken("u1"), transcribes: false) == (false, "-"))
    }

    @Test func pendingWords_areNotThoseOfTypedText() throws {
        #expect(try pending(Line.userText("u1", "Hello")) == (false, "-"))
    }

    @Test func pendingWords_ofASessionThatIsReplaced() throws {
        let replay = try SessionReplay(
            of: [Line.sessionCreated(), Line.spoken("u1"), Line.sessionCreated("sess_2")].joined(separator: "\n"))
        let ends = replay.rows(.routerSessionEnded, fields: "reason", "words_pending")
        #expect(
            ends.map { $0.split(separator: " ").suffix(2).joined(separator: " ") } == ["replaced 1", "end_of_source -"])
    }
}
