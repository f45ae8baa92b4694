import Foundation
import Testing

/// A run that writes audio files.
@Suite struct AudioHandlerTests {
    private static let rules = """
        version: 1
        handlers: { heard: { type: audio, path: "audio/{session}.wav" } }
        routes: [ { name: what was heard, to: heard } ]

        """

    /// Each tenth of a second of both sides, as another program reads it: `x` where something is heard.
    private static let read = """
        import struct, wave
        with wave.open("audio/call.wav") as file:
            print(file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes())
            samples = struct.unpack("<%dh" % (2 * file.getnframes()), file.readframes(file.getnframes()))
        for name, side in ("user", samples[0::2]), ("assistant", samples[1::2]):
            loud = [max(abs(sample) for sample in side[i:i + 2400]) > 0 for i in range(0, len(side), 2400)]
            print(name, "".join("x" if is_loud else "." for is_loud in loud))

        """

    private func heard(in place: Workplace) async throws -> String {
        let ending = try await place.run("run", "call.jsonl")
        #expect(ending.code == 0 && ending.error == "")
        try place.write("read.py", Self.read)
        let read = try await place.shell("python3 read.py")
        #expect(read.error == "")
        return read.output
    }

    /// A telephone call of µ-law, of which an answer was truncated.
    @Test func audio_ofARecordedCall() async throws {
        let place = try Workplace(routes: Self.rules)
        try place.write("call.jsonl", String(contentsOfFile: BuiltProgram.session("interruption"), encoding: .utf8))
        #expect(
            try await heard(in: place) == """
                2 2 24000 193680
                user .................................................................................
                assistant ..........................xxxxxxxxxxxxx...................xxxxxxxxxxxxxxxxxxxxxxx

                """)
        let forgotten = try await place.run("forget", "--session", "call")
        #expect(forgotten.code == 0)
        #expect(place.text("audio/call.wav") == nil)
    }

    @Test func audio_redactedWordsAreSilent() async throws {
        let place = try Workplace(routes: Self.rules + "privacy: { redact: [ { phrase: one tooth } ] }\n")
        try place.write("call.jsonl", String(contentsOfFile: BuiltProgram.session("interruption"), encoding: .utf8))
        #expect(
            try await heard(in: place) == """
                2 2 24000 193680
                user .................................................................................
                assistant ..........................................................xxxxxxxxxxxxxxxxxxxxxxx

                """)
    }

    @Test func audio_ofTheClient() async throws {
        let place = try Workplace(routes: Self.rules)
        let second = Data(repeating: 1, count: 48_000).base64EncodedString()
        try place.write(
            "call.jsonl",
            """
            {"at": 0, "event": {"type": "session.created", "session": {}}}
            {"at": 1.5, "direction": "client", "event": {"type": "input_audio_buffer.append", "audio": "\(second)"}}
            {"at": 2, "event": {"type": "response.output_audio.delta", "item_id": "a", "content_index": 0, "delta": "\(second)"}}
            {"at": 2.5, "direction": "client", "event": {"type": "input_audio_buffer.append", "audio": "\(second)"}}

            """)
        #expect(
            try await heard(in: place) == """
                2 2 24000 72000
                user .....xxxxxxxxxxxxxxxxxxxx.....
                assistant ....................xxxxxxxxxx

                """)
    }
}
