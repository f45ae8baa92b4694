import RealtimeEvents
import ScratchFolders
import Testing

@testable import Transcripts

/// Whole files in the formats for people.
@Suite struct TranscriptFormTests {
    @Test(arguments: [
        (TranscriptFormat.text, text), (.markdown, markdown), (.vtt, vtt), (.srt, srt),
    ])
    func aWholeCall(_ format: TranscriptFormat, _ expected: String) async throws {
        let folder = try ScratchFolder()
        try await record(eventfulCall, to: folder.path + "/t", format)
        let written = try folder.read("t")
        #expect(written == expected)
    }

    @Test("Every format of the library is a value of the option `format`")
    func formats_areOptionValues() {
        let values = Set(TranscriptKeys.Format.allCases.map(\.rawValue))
        #expect(values.isSuperset(of: TranscriptFormat.allCases.map(\.rawValue)))
    }

    @Test func speakers_areNamedIfTheTranscriptionDistinguishesThem() async throws {
        let segments =
            #""started_ms":0,"ended_ms":4000,"segments":[{"speaker":"A","text":"Shall we"},{"speaker":"A","text":"begin?"},"#
            + #"{"speaker":"<B>\n&","text":"Yes."},{"text":"Good."}]"#
        let folder = try ScratchFolder()
        for format in [TranscriptFormat.text, .markdown, .vtt, .srt] {
            try await record([utterance("u1", "user", "All.", segments)], to: folder.path + "/t-\(format)", format)
        }
        #expect(
            try folder.read("t-text") == """
                == call-17
                 0:00.0  caller  A: Shall we begin? <B> &: Yes. Good.

                """)
        #expect(
            try folder.read("t-markdown").hasSuffix("**Caller** (0:00.0): A: Shall we begin? \\<B\\> \\&: Yes. Good.\n")
        )
        #expect(
            try folder.read("t-vtt").hasSuffix(
                """
                00:00:00.000 --> 00:00:02.500
                <v A>Shall we begin?

                00:00:02.500 --> 00:00:03.166
                <v &lt;B&gt; &amp;>Yes.

                00:00:03.166 --> 00:00:04.000
                <v Caller>Good.

                """))
        #expect(try folder.read("t-srt").contains("\n＜B＞ &: Yes.\n"))
    }

    private static let text = """
        == call-17
         0:00.6  caller  What's the weather in Lisbon?
         0:02.4  agent   It's 21 degrees and sunny in … [interrupted after 1.5 s]
         0:03.9  caller  [not understood]
         0:05.0  agent   <b>--></b> {\\an8} *&amp;* [x](http://x) 00:00:09.000 --> 00:00:10.000 [2J
                 agent   Typed
        1:02:03.4  caller  Thirty-six hundred seconds on [incomplete]

        """

    private static let markdown = """
        # Transcript

        ## call-17

        **Caller** (0:00.6): What's the weather in Lisbon?

        **Agent** (0:02.4): It's 21 degrees and sunny in … *[interrupted after 1.5 s]*

        **Caller** (0:03.9): *[not understood]*

        **Agent** (0:05.0): \\<b\\>--\\>\\</b\\> {\\\\an8} \\*\\&amp;\\* \\[x\\](http:\\//x) 00:00:09.000 --\\> \
        00:00:10.000 \\[2J

        **Agent**: Typed

        **Caller** (1:02:03.4): Thirty-six hundred seconds on *[incomplete]*

        """

    private static let vtt = """
        WEBVTT

        NOTE session call-17

        00:00:00.633 --> 00:00:01.702
        <v Caller>What's the weather in Lisbon?

        00:00:02.434 --> 00:00:03.934
        <v Agent>It's 21 degrees and sunny in …

        00:00:03.900 --> 00:00:04.400
        <v Caller>[not understood]

        00:00:05.000 --> 00:00:06.000
        <v Agent>&lt;b&gt;--&gt;&lt;/b&gt; {\\an8} *&amp;amp;* [x](http://x)
        00:00:09.000 --&gt; 00:00:10.000 [2J

        00:00:06.000 --> 00:00:07.000
        <v Agent>Typed

        01:02:03.400 --> 01:02:03.900
        <v Caller>Thirty-six hundred seconds on

        """

    private static let srt = """
        1
        00:00:00,633 --> 00:00:01,702
        Caller: What's the weather in Lisbon?

        2
        00:00:02,434 --> 00:00:03,934
        Agent: It's 21 degrees and sunny in …

        3
        00:00:03,900 --> 00:00:04,400
        Caller: [not understood]

        4
        00:00:05,000 --> 00:00:06,000
        Agent: ＜b＞--＞＜/b＞ ｛\\an8｝ *&amp;* [x](http://x)
        00:00:09.000 --＞ 00:00:10.000 [2J

        5
        00:00:06,000 --> 00:00:07,000
        Agent: Typed

        6
        01:02:03,400 --> 01:02:03,900
        Caller: Thirty-six hundred seconds on


        """

    @Test func longAnswer_isSplitIntoCaptions() async throws {
        let folder = try ScratchFolder()
        let words = String(repeating: "abcdefghi ", count: 12) + String(repeating: "何", count: 50)
        try await record(
            [utterance("a", "assistant", words, #""started_ms":1000,"audio_ms":17000"#)], to: folder.path + "/t", .vtt)
        let line = "abcdefghi abcdefghi abcdefghi abcdefghi"
        let written = try folder.read("t")
        #expect(
            written == """
                WEBVTT

                NOTE session call-17

                00:00:01.000 --> 00:00:08.940
                <v Agent>\(line)
                \(line)

                00:00:08.940 --> 00:00:17.185
                <v Agent>\(line)
                \(String(repeating: "何", count: 42))

                00:00:17.185 --> 00:00:18.000
                <v Agent>\(String(repeating: "何", count: 8))

                """)
    }

    @Test func captionTiming_withoutTimesFollowsTheUtteranceBefore() async throws {
        let folder = try ScratchFolder()
        try await record(
            [
                utterance("u1", "user", "One", #""audio_start_ms":100,"audio_end_ms":900,"modality":"audio""#),
                utterance("a1", "assistant", "Two", #""audio_ms":500"#),
                utterance("a2", "assistant", "Three", #""audio_ms":-5"#),
                utterance(
                    "u2", "user", "Four", #""audio_start_ms":-9223372036854775808,"audio_end_ms":9223372036854775807"#),
            ], to: folder.path + "/t", .srt)
        #expect(
            try folder.read("t") == """
                1
                00:00:00,100 --> 00:00:00,900
                Caller: One

                2
                00:00:00,900 --> 00:00:01,400
                Agent: Two

                3
                00:00:01,400 --> 00:00:02,400
                Agent: Three

                4
                00:00:01,400 --> 50:00:01,399
                Caller: Four


                """)
    }

    @Test(
        "A correction that comes too late is a line of its own in text", arguments: [TranscriptFormat.text, .markdown])
    func lateCorrection_isALineOfItsOwn(_ format: TranscriptFormat) async throws {
        let folder = try ScratchFolder()
        let words = (1...6).map { utterance("u\($0)", "user", "\($0)") }
        let late = utterance("u1", "user", "uno", isRevised: true)
        let early = utterance("u6", "user", "seis", isRevised: true)
        try await record(words + [late, early], to: folder.path + "/t", format)
        let shown = try folder.read("t").split(separator: "\n").filter { $0.lowercased().contains("caller") }
            .map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
        let mark = format == .text ? "[corrected]" : "*[corrected]*"
        #expect(shown == ["1", "2", "uno \(mark)", "3", "4", "5", "seis"])
    }

    @Test("A corrected session has one line per utterance", arguments: [TranscriptFormat.text, .vtt])
    func corrections_replaceWhatTheyCorrect(_ format: TranscriptFormat) async throws {
        var one = TranscriptRecord(utterance: Utterance(), session: "s")
        (one.utterance.itemID, one.utterance.role, one.utterance.text) = ("a1", .assistant, "One two three")
        let others = (2...7).map { number in
            var other = one
            (other.utterance.itemID, other.utterance.text) = ("a\(number)", "\(number)")
            return other
        }
        var revised = one
        revised.isRevised = true
        (revised.utterance.status, revised.utterance.heardText) = (.interrupted, "One")
        for records in [[one] + others + [revised], [revised] + others] {
            let lines = format.lines(of: records).joined(separator: "\n")
            #expect(lines.ranges(of: "One").count == 1 && lines.contains("One …"), "\(lines)")
            #expect(!lines.contains("corrected") && lines.contains("7"))
        }
    }

    @Test("An answer that was not heard has no caption, and in text a line that says so")
    func unheardAnswer_hasNoCaption() async throws {
        let cut = utterance(
            "a1", "assistant", "One two", #""audio_ms":1000,"heard_ms":0,"heard_text":"""#, status: "interrupted")
        let folder = try ScratchFolder()
        try await record([cut], to: folder.path + "/text", .text)
        try await record([cut, utterance("u1", "user", "Stop")], to: folder.path + "/vtt", .vtt)
        #expect(try folder.read("text") == "== call-17\n         agent   … [interrupted after 0.0 s]\n")
        #expect(try !folder.read("vtt").contains("Agent") && folder.read("vtt").hasSuffix("<v Caller>Stop\n"))
    }

    @Test func lateCorrection_isNotInCaptions() async throws {
        let folder = try ScratchFolder()
        let words = (1...6).map { utterance("u\($0)", "user", "\($0)", "\"started_ms\":\($0)000") }
        let late = utterance("u1", "user", "uno", #""started_ms":1000"#, isRevised: true)
        let early = utterance("u6", "user", "seis", #""started_ms":6000"#, isRevised: true)
        try await record(words + [late, early], to: folder.path + "/t", .vtt)
        let shown = try folder.read("t").split(separator: "\n").filter { $0.hasPrefix("<v") }
        #expect(shown == ["1", "2", "3", "4", "5", "seis"].map { "<v Caller>\($0)" })
    }
}
