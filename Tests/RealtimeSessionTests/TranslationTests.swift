import RealtimeEvents
import RealtimeSession
import Testing

/// Translation sessions: one transcript for each language.
@Suite struct TranslationTests {
    private static let created = Line.event(
        "session.created",
        #""session":{"id":"sess_1","type":"translation","model":"gpt-realtime-translate","audio":{"output":{"language":"en"}}}"#
    )

    private static func input(_ words: String, at seconds: Double? = nil) -> String {
        delta("session.input_transcript.delta", words, seconds)
    }

    private static func output(_ words: String, at seconds: Double? = nil) -> String {
        delta("session.output_transcript.delta", words, seconds)
    }

    private static func delta(_ type: String, _ words: String, _ seconds: Double?) -> String {
        let line = Line.event(type, #""delta":\#(Line.quoted(words))"#)
        return seconds.map { Line.at($0, line) } ?? line
    }

    private static func whole(_ type: String, _ words: String) -> String {
        Line.event(type, #""transcript":\#(Line.quoted(words))"#)
    }

    @Test("Each language has its own utterances, with the complete text that the server sends")
    func translation_givesATranscriptInEachLanguage() throws {
        let replay = try SessionReplay(
            of: source(
                Self.created, Self.input("天", at: 1), Self.output("The ", at: 1.2), Self.input("\u{FFFD}", at: 1.4),
                Self.input("\u{FFFD}", at: 1.5), Self.input("は", at: 1.6), Self.output("weather", at: 1.7),
                Self.whole("session.input_transcript.completed", "天気は"),
                Self.whole("session.output_transcript.done", "The weather.")))
        #expect(
            replay.rows(
                .routerUtteranceDone, fields: "role", "item_id", "text", "status", "language", "started_ms", "turn")
                == [
                    "8.2 utterance.done user input_1 天気は completed - 1000 0",
                    "9.2 utterance.done assistant output_1 The weather. completed en 1200 0",
                ])
        #expect(
            replay.rows(.routerUtteranceUpdated, fields: "role", "delta").suffix(2) == [
                "6.1 utterance.updated user は", "7.1 utterance.updated assistant weather",
            ])
    }

    @Test("An utterance ends with its sentence when the server sends no complete text")
    func translation_withoutCompleteText_endsUtterancesWithSentences() throws {
        let replay = try SessionReplay(
            of: source(
                Self.created, Self.output("It is"), Self.output(" 3."), Self.output("14 p.m."), Self.output(" today."),
                Self.output(" Go"), Self.output("!"), Self.output(" "), Self.output(" Now"),
                Self.input("天気。"), Self.input("は")))
        #expect(
            replay.transcript == [
                "assistant (completed): It is 3.14 p.m. today.", "assistant (completed): Go! ",
                "assistant (incomplete): Now", "user (completed): 天気。", "user (incomplete): は",
            ])
    }

    @Test("A pause ends an utterance")
    func translation_pause_endsAnUtterance() throws {
        let replay = try SessionReplay(
            of: source(
                Self.created, Self.output("one", at: 1), Self.output(" two", at: 2.9), Self.output(" three", at: 4.9),
                Line.event("session.closed")))
        #expect(replay.transcript == ["assistant (completed): one two", "assistant (completed): three"])
    }

    @Test("Words of ended sentences are not repeated with the complete text")
    func translation_completeTextAfterSentences_areNotRepeated() throws {
        let done = Self.whole("session.output_transcript.done", "One. Two.")
        let replay = try SessionReplay(
            of: source(
                Self.created, Self.output("One."), Self.output(" Two."), done, Self.output("Three"),
                Self.whole("session.output_transcript.done", "Three.")))
        #expect(
            replay.transcript == [
                "assistant (completed): One.", "assistant (completed): Two.", "assistant (completed): Three.",
            ])
    }

    @Test("The dialect is set for each session")
    func dialect_isAPropertyOfTheSession() throws {
        var replay = SessionReplay()
        #expect(replay.state.dialect == .realtime)
        try replay.feed(source(Self.created, Self.output("Hello.")))
        #expect(replay.state.dialect == .translation)
        try replay.feed(source(Line.sessionCreated("sess_2"), Line.answer("r1", "a1", "Hi."), Self.output("not words")))
        #expect(replay.state.dialect == .realtime)
        replay.end()
        #expect(replay.transcript == ["assistant (completed): Hello.", "assistant (completed): Hi."])
        #expect(replay.rows(.routerSessionStarted, fields: "kind").count == 2)
    }

    @Test("A session without a stated dialect uses the configured one")
    func dialect_unstated_isTheConfiguredOne() throws {
        let configuration = SessionConfiguration(key: "s", dialect: .translation)
        let replay = try SessionReplay(of: source(Line.event("session.created"), Self.input("Ja.")), configuration)
        #expect(replay.transcript == ["user (completed): Ja."])
    }
}
