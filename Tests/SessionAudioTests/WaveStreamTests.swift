import SessionAudio
import Testing

/// Live audio, raw or after the header of a WAV file.
@Suite struct WaveStreamTests {
    private static let samples: [Int16] = [1, -2, 300, -32768, 32767, 0]

    /// The samples of bytes that arrive in blocks of a size.
    private func samples(in bytes: [UInt8], blocks size: Int) throws -> [UInt8] {
        var stream = WaveStream()
        var samples: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            samples += try stream.samples(in: Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return try samples + stream.end()
    }

    @Test(
        "Samples begin with the first byte, or behind the header, in whatever blocks it comes", arguments: [1, 7, 4800])
    func samples(blocks size: Int) throws {
        let data = WaveBytes.data(Self.samples)
        #expect(try samples(in: data, blocks: size) == data)
        // As `arecord -t wav` writes to a pipe: the length is unknown.
        for size0 in [0, 0x7FFF_FFFF, data.count] {
            let file = WaveBytes.file(
                WaveBytes.format(), WaveBytes.chunk("LIST", Array("INFO".utf8)),
                WaveBytes.chunk("data", data, size: size0))
            #expect(try samples(in: file, blocks: size) == data)
        }
        #expect(try samples(in: [], blocks: size) == [])
    }

    @Test(
        "Other audio is refused with what it is",
        arguments: [
            (
                WaveBytes.format(channels: 2, rate: 16_000),
                "it has 2 channels at 16000 samples a second, and live audio needs one channel at 24000"
            ),
            (
                WaveBytes.format(tag: 3, bits: 32),
                "it holds floating-point samples of 32 bits, and PCM of 16 bits with one or two channels is needed"
            ),
        ])
    func otherAudio(format: [UInt8], reason: String) throws {
        let file = WaveBytes.file(format, WaveBytes.chunk("data", [UInt8](repeating: 0, count: 100_000)))
        do {
            _ = try samples(in: file, blocks: 4800)
            Issue.record("it was taken")
        } catch let error as WaveError {
            #expect(error.reason == reason)
        }
    }

    @Test("A truncated header is an error")
    func brokenHeader() throws {
        #expect(throws: WaveError.self) { try samples(in: Array("RIFF\u{4}\0\0\0WAVEfmt ".utf8), blocks: 5) }
    }
}
