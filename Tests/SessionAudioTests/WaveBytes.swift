/// The bytes of WAV files, chunk by chunk.
enum WaveBytes {
    /// A little-endian number.
    static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A chunk with its size, or with a wrong one.
    static func chunk(_ name: String, _ content: [UInt8], size: Int? = nil) -> [UInt8] {
        Array(name.utf8) + number(size ?? content.count, 4) + content + (content.count % 2 == 0 ? [] : [0])
    }

    /// A `fmt ` chunk.
    static func format(
        tag: Int = 1, channels: Int = 1, rate: Int = 24_000, bits: Int = 16, extended: Int? = nil
    ) -> [UInt8] {
        let frame = channels * bits / 8
        var content =
            number(tag, 2) + number(channels, 2) + number(rate, 4) + number(rate * frame, 4) + number(frame, 2)
            + number(bits, 2)
        if let extended {
            content += number(22, 2) + number(bits, 2) + number(0, 4) + number(extended, 2)
            content += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        }
        return chunk("fmt ", content)
    }

    /// Samples as in a `data` chunk.
    static func data(_ samples: [Int16]) -> [UInt8] { samples.flatMap { number(Int($0), 2) } }

    /// A file with the given chunks.
    static func file(_ chunks: [UInt8]...) -> [UInt8] {
        let content = Array("WAVE".utf8) + chunks.joined()
        return Array("RIFF".utf8) + number(content.count, 4) + content
    }
}
