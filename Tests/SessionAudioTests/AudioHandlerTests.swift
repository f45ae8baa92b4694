import EventRouter
import RouterTesting
import ScratchFolders
import SessionAudio
import Testing

/// What is written where in the audio file of a session.
@Suite struct AudioHandlerTests {
    // MARK: - Alignment

    @Test func alignment_userByTimeAndAnswersByArrivalOrOrder() async throws {
        let bench = try AudioBench()
        try await bench.server(#"{"type":"session.created","session":{}}"#, at: 10)
        // The audio that arrives at 10.1 s was recorded before.
        try await bench.append(AudioBench.pcm(5, ms: 100), at: 10.1)
        // Network jitter does not cause silence.
        try await bench.append(AudioBench.pcm(6, ms: 100), at: 10.4)
        // The client sent nothing for a while.
        try await bench.append(AudioBench.pcm(7, ms: 100), at: 11)
        try await bench.answer("a", AudioBench.pcm(50, ms: 200), at: 10.5)
        // The answer arrives faster than it plays.
        try await bench.answer("a", AudioBench.pcm(51, ms: 200), at: 10.51)
        try await bench.answer("b", AudioBench.pcm(60, ms: 100), at: 10.6)
        try await bench.answer("c", AudioBench.pcm(70, ms: 100), at: 11.5)
        await bench.handler.stop()
        let audio = try bench.audio()
        #expect(audio.user.description == "[5 x 100, 6 x 100, 0 x 700, 7 x 100, 0 x 600]")
        #expect(
            audio.assistant.description == "[0 x 500, 50 x 200, 51 x 200, 60 x 100, 0 x 500, 70 x 100]")
    }

    @Test func alignment_withoutTimesTheUserIsTheClock() async throws {
        let bench = try AudioBench()
        try await bench.append(AudioBench.pcm(5, ms: 100))
        try await bench.answer("a", AudioBench.pcm(50, ms: 200))
        try await bench.append(AudioBench.pcm(6, ms: 300))
        try await bench.answer("b", AudioBench.pcm(60, ms: 100))
        await bench.handler.stop()
        let audio = try bench.audio()
        #expect(audio.user.description == "[5 x 100, 6 x 300, 0 x 100]")
        #expect(audio.assistant.description == "[0 x 100, 50 x 200, 0 x 100, 60 x 100]")
    }

    @Test func alignment_theFileSaysThatItIsAnEstimate() async throws {
        let bench = try AudioBench()
        try await bench.answer("a", AudioBench.pcm(1, ms: 1), at: 12.3456)
        await bench.handler.stop()
        let text = String(decoding: try bench.folder.bytes("call-1.wav"), as: UTF8.self)
        #expect(text.contains("LIST") && text.contains("INFOICMT"))
        #expect(
            text.contains(
                "Left: the user; right: the assistant. The alignment is an estimate: an answer begins when it arrived or when "
                    + "the one before it ended. The file begins 12346 ms after the session's source.\0"))
    }

    // MARK: - Formats

    @Test func formats_g711IsDecoded() async throws {
        for (form, codes) in [
            (
                "g711_ulaw",
                [0x00: -32124, 0x0F: -16764, 0x55: -716, 0x7F: 0, 0x80: 32124, 0xAA: 5372, 0xFE: 8, 0xFF: 0]
            ),
            (
                "g711_alaw",
                [0x00: -5504, 0x2A: -32256, 0x55: -8, 0x7F: -848, 0x80: 5504, 0xAA: 32256, 0xD5: 8, 0xFF: 848]
            ),
        ] {
            for (code, value) in codes {
                let bench = try AudioBench()
                try await bench.server(
                    #"{"type":"session.updated","session":{"input_audio_format":"\#(form)","output_audio_format":"\#(form)"}}"#
                )
                let audio = AudioBench.bytes(Array(repeating: UInt8(code), count: 800))
                try await bench.append(audio)
                try await bench.answer("a", audio)
                await bench.handler.stop()
                let samples = try WaveAudio(path: bench.folder.path + "/call-1.wav").samples
                // The user's 100 ms, then the answer's.
                #expect(samples.count == 2 * 4800)
                #expect(samples[1200] == Int16(value) && samples[4800 + 1201] == Int16(value), "\(form) \(code)")
            }
        }
    }

    @Test func formats_otherRatesAndNames() async throws {
        let bench = try AudioBench()
        try await bench.server(
            #"{"type":"session.created","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}},"output":{"format":{"type":"audio/pcm","rate":48000}}}}}"#
        )
        try await bench.append(AudioBench.bytes(Array(repeating: 0xFF, count: 800)))
        try await bench.answer("a", AudioBench.pcm(0, ms: 100, rate: 48_000))
        // A response may have its own format.
        try await bench.server(
            #"{"type":"response.created","response":{"id":"own","audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}}}"#
        )
        try await bench.answer("b", AudioBench.pcm(9, ms: 50), response: "own")
        await bench.handler.stop()
        let audio = try bench.audio()
        #expect(audio.user.description == "[0 x 250]")
        #expect(audio.assistant.description == "[0 x 200, 9 x 50]")
    }

    @Test func formats_aSampleInTwoPieces() async throws {
        let bench = try AudioBench()
        try await bench.answer("a", AudioBench.bytes([1, 2, 3]))
        try await bench.answer("a", AudioBench.bytes([4, 5, 6]))
        await bench.handler.stop()
        let samples = try WaveAudio(path: bench.folder.path + "/call-1.wav").samples
        #expect(samples.indices.filter { $0 % 2 == 1 }.map { samples[$0] } == [0x0201, 0x0403, 0x0605])
    }

    @Test func formats_unknownOnesAreReportedOnce() async throws {
        let bench = try AudioBench()
        try await bench.server(
            #"{"type":"session.created","session":{"audio":{"input":{"format":{"type":"audio/opus"}},"output":{"format":{"type":"audio/pcm","rate":1}}}}}"#
        )
        let user =
            "the user's audio is not written: its format is none of pcm16, g711_ulaw and g711_alaw"
        #expect(await Self.failure { try await bench.append(AudioBench.pcm(1, ms: 10)) } == user)
        #expect(await Self.failure { try await bench.append(AudioBench.pcm(1, ms: 10)) } == nil)
        #expect(
            await Self.failure { try await bench.answer("a", AudioBench.pcm(1, ms: 10)) }
                == user.replacing("user", with: "assistant"))
        #expect(
            await Self.failure { try await bench.answer("a", "\"no base64\"") } == "the audio is not base64")
        #expect(
            await Self.failure { try await bench.server(#"{"type":"error"}"#) } == "no audio is written of `error`")
        await bench.handler.stop()
        #expect(bench.folder.names == [])
    }

    private static func failure(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func formats_audioThatWasLeftOutIsSilent() async throws {
        let bench = try AudioBench()
        try await bench.append("4800")
        try await bench.append(AudioBench.pcm(5, ms: 100))
        try await bench.answer("a", AudioBench.pcm(50, ms: 50))
        try await bench.answer("a", "9600")
        try await bench.answer("a", AudioBench.pcm(51, ms: 50))
        await bench.handler.stop()
        let audio = try bench.audio()
        #expect(audio.user.description == "[0 x 100, 5 x 100, 0 x 300]")
        #expect(audio.assistant.description == "[0 x 200, 50 x 50, 0 x 200, 51 x 50]")
    }

    // MARK: - Cuts

    @Test func cuts_truncatedAnswersEndWhereTheyWereHeard() async throws {
        let bench = try AudioBench()
        try await bench.server(#"{"type":"session.created"}"#, at: 0)
        try await bench.answer("a", AudioBench.pcm(50, ms: 1000), at: 1)
        try await bench.server(
            #"{"type":"conversation.item.truncated","item_id":"a","content_index":0,"audio_end_ms":400}"#, at: 1.5)
        // It was on its way when the answer was truncated.
        try await bench.answer("a", AudioBench.pcm(51, ms: 100), at: 1.6)
        try await bench.answer("b", AudioBench.pcm(60, ms: 100), at: 1.6)
        // An end beyond the audio changes nothing.
        try await bench.server(
            #"{"type":"conversation.item.truncated","item_id":"b","content_index":0,"audio_end_ms":99999999999}"#, at: 2
        )
        await bench.handler.stop()
        #expect(try bench.audio().assistant.description == "[0 x 1000, 50 x 400, 0 x 200, 60 x 100, 0 x 300]")
    }

    @Test func cuts_cancelledResponsesEndAtThatMoment() async throws {
        let bench = try AudioBench()
        try await bench.server(#"{"type":"session.created"}"#, at: 0)
        try await bench.answer("a", AudioBench.pcm(50, ms: 1000), at: 1, response: "r1")
        try await bench.server(#"{"type":"response.done","response":{"id":"r1","status":"cancelled"}}"#, at: 1.25)
        try await bench.answer("b", AudioBench.pcm(60, ms: 1000), at: 2, response: "r2")
        try await bench.server(#"{"type":"response.done","response":{"id":"r2","status":"cancelled"}}"#, at: 2.25)
        // The client reports exactly how much was heard.
        try await bench.server(
            #"{"type":"conversation.item.truncated","item_id":"b","content_index":0,"audio_end_ms":500}"#, at: 2.3)
        try await bench.answer("c", AudioBench.pcm(70, ms: 1000), at: 3, response: "r3")
        try await bench.server(#"{"type":"output_audio_buffer.cleared","response_id":"r3"}"#, at: 3.1)
        await bench.handler.stop()
        #expect(
            try bench.audio().assistant.description
                == "[0 x 1000, 50 x 250, 0 x 750, 60 x 500, 0 x 500, 70 x 100, 0 x 900]")
    }

    // MARK: - Privacy

    @Test func redaction_silencesWhatWasSaid() async throws {
        let bench = try AudioBench()
        try await bench.append(AudioBench.pcm(5, ms: 1000))
        try await bench.server(#"{"type":"input_audio_buffer.speech_started","item_id":"u1","audio_start_ms":300}"#)
        try await bench.append(AudioBench.pcm(6, ms: 200))
        try await bench.server(#"{"type":"input_audio_buffer.committed","item_id":"u1"}"#)
        try await bench.append(AudioBench.pcm(7, ms: 300))
        try await bench.answer("a", AudioBench.pcm(50, ms: 100))
        try await bench.server(#"{"type":"input_audio_buffer.committed","item_id":"u2"}"#)
        try await bench.append(AudioBench.pcm(8, ms: 100))
        try await bench.answer("b", AudioBench.pcm(60, ms: 100))
        try await bench.server(Self.said("u1", "user", "my card is ***"))
        try await bench.server(Self.said("u2", "user", "thank you"))
        try await bench.server(Self.said("b", "assistant", "*** it is"))
        // The utterance is silent from then on.
        try await bench.answer("b", AudioBench.pcm(61, ms: 100))
        try await bench.server(Self.said("typed", "user", "***", #","modality":"text""#))
        await bench.handler.stop()
        let audio = try bench.audio()
        #expect(audio.user.description == "[5 x 300, 0 x 900, 7 x 300, 8 x 100, 0 x 200]")
        #expect(audio.assistant.description == "[0 x 1500, 50 x 100, 0 x 200]")
    }

    private static func said(_ item: String, _ role: String, _ text: String, _ more: String = "") -> String {
        #"{"type":"router.utterance.done","item_id":"\#(item)","content_index":0,"role":"\#(role)","text":"\#(text)"\#(more)}"#
    }

    @Test func forgetting_removesTheSessionsFiles() async throws {
        let bench = try AudioBench("{date}-{session}.wav")
        try await bench.answer("a", AudioBench.pcm(1, ms: 10))
        await bench.handler.stop()
        try bench.folder.write("no audio", to: "2025-12-31-call-2.wav")
        try bench.folder.write(WaveBytes.file(WaveBytes.format()), to: "2025-12-31-other.wav")
        #expect(bench.folder.names == ["2025-12-31-call-1.wav", "2025-12-31-call-2.wav", "2025-12-31-other.wav"])
        #expect(try bench.folder.mode("2025-12-31-call-1.wav") == 0o600)
        #expect(try bench.handler.records?.forget(session: "call-1") == 1)
        #expect(bench.folder.names == ["2025-12-31-call-2.wav", "2025-12-31-other.wav"])
        #expect(try bench.handler.records?.forget(before: 1e12) == 1)
        #expect(bench.folder.names == ["2025-12-31-call-2.wav"])
    }

    // MARK: - Files

    /// Whenever the process is killed, the file can be played: the header never states more than the file holds, nor
    /// much less.
    @Test func files_headerIsRightAtAnyMoment() async throws {
        let bench = try AudioBench()
        try await bench.server(#"{"type":"session.created"}"#, at: 0)
        for number in 1...40 {
            try await bench.answer("a", AudioBench.pcm(Int16(number), ms: 100), at: 0)
            let bytes = try bench.folder.bytes("call-1.wav")
            let audio = try WaveAudio(parsing: bytes)
            let written = number * 2400
            #expect(audio.samples.count / 2 <= written && audio.samples.count / 2 > written - 16_384 - 2400)
            let riff = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16 | Int(bytes[7]) << 24
            #expect(riff + 8 <= bytes.count && bytes.count - riff - 8 <= (16_384 + 2400) * 4)
        }
        try await bench.server(#"{"type":"router.session.ended"}"#, at: 4)
        let audio = try WaveAudio(path: bench.folder.path + "/call-1.wav")
        #expect(audio.samples.count / 2 == 40 * 2400)
    }

    @Test func files_anEarlierOneIsRenamed() async throws {
        let bench = try AudioBench()
        try await bench.answer("a", AudioBench.pcm(1, ms: 10))
        try await bench.server(#"{"type":"router.session.ended"}"#)
        try await bench.answer("b", AudioBench.pcm(2, ms: 20))
        await bench.handler.stop()
        #expect(bench.folder.names == ["call-1.wav", "call-1.wav.1"])
        #expect(try bench.audio().assistant.description == "[2 x 20]")
        #expect(try bench.audio("call-1.wav.1").assistant.description == "[1 x 10]")
    }

    @Test func files_timesThatNoSessionHasTakeNoRoom() async throws {
        let bench = try AudioBench()
        let unwritten = UnwrittenRecords()
        bench.handler.reportUnwritten(to: unwritten)
        try await bench.answer("a", AudioBench.pcm(1, ms: 10), at: 0)
        try await bench.answer("b", AudioBench.pcm(2, ms: 10), at: 1e300)
        try await bench.append(AudioBench.pcm(3, ms: 10), at: 1e18)
        try await bench.answer("c", AudioBench.pcm(4, ms: 10), at: -5)
        await bench.handler.stop()
        #expect(try bench.folder.bytes("call-1.wav").count < 2000)
        #expect(
            unwritten.files.map { "\($0.records): \($0.error)" } == ["3: a WAV file holds no more than 12 hours"])
    }

    @Test func files_aPathThatCannotBeWrittenFailsTheDelivery() async throws {
        let bench = try AudioBench("file/{session}.wav")
        try bench.folder.write("", to: "file")
        let path = bench.folder.path + "/file"
        let reason = await Self.failure { try await bench.answer("a", AudioBench.pcm(1, ms: 10)) }
        #expect(reason == "cannot write \(path)/call-1.wav: Not a directory")
        // Once the file can be written, nothing is missing.
        try bench.folder.remove("file")
        try await bench.server(
            #"{"type":"response.output_audio.delta","item_id":"a","content_index":0,"delta":\#(AudioBench.pcm(1, ms: 10))}"#,
            attempt: 2)
        try await bench.answer("a", AudioBench.pcm(2, ms: 10))
        await bench.handler.stop()
        #expect(try bench.audio("file/call-1.wav").assistant.description == "[1 x 10, 2 x 10]")
    }

    @Test func handler_keepsTheContract() async throws {
        let folder = try ScratchFolder()
        let events = try [
            #"{"type":"session.created","session":{}}"#,
            #"{"type":"response.output_audio.delta","item_id":"a","content_index":0,"delta":"AAAA"}"#,
        ].map { try RealtimeEvent(json: $0) }
        #expect(
            await HandlerContract.violations(events: events) { AudioHandler(path: folder.path + "/{session}.wav") }
                == [])
    }
}
