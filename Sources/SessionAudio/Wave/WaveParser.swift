import EventRouter

/// Finds the format and the samples in the chunks of a WAV file.
struct WaveParser {
    /// The validated content of the `fmt ` chunk.
    struct Format {
        var rate: Int
        var channels: Int
    }

    private let bytes: [UInt8]
    private var offset = 12

    /// - Throws: ``WaveError`` if the bytes do not start like a WAV file.
    init(_ bytes: [UInt8]) throws(WaveError) {
        self.bytes = bytes
        let name = Self.text(bytes, 0)
        guard name == "RIFF", Self.text(bytes, 8) == "WAVE" else { throw Self.error(ofBeginning: bytes) }
    }

    /// The format, and the byte range of the samples.
    mutating func read() throws(WaveError) -> (Format, Range<Int>) {
        var format: Format?
        var data: Range<Int>?
        while let (name, range) = nextChunk() {
            switch name {
            case "fmt " where format == nil: format = try self.format(range)
            case "data" where data == nil: data = range
            default: break
            }
            if format != nil, data != nil { break }
        }
        guard let format else { throw WaveError("it has no `fmt ` chunk, so nothing says what its samples are") }
        guard let data else { throw WaveError("it has no `data` chunk, so it breaks off before its samples") }
        return (format, data)
    }

    /// The next chunk's name and content; nil at the end.
    private mutating func nextChunk() -> (name: String, range: Range<Int>)? {
        guard offset + 8 <= bytes.count else { return nil }
        let name = Self.text(bytes, offset)
        let start = offset + 8
        let size = number(offset + 4, 4)
        var end = min(start + size, bytes.count)
        // A program that writes to a pipe does not know the length in advance and writes 0.
        if name == "data", size == 0, !isEnd(start) { end = bytes.count }
        // A chunk of odd size is followed by a padding byte.
        offset = end + (end - start) % 2
        return (name, start..<end)
    }

    /// Whether the file ends here, or consists of whole chunks from here to its end.
    private func isEnd(_ start: Int) -> Bool {
        var offset = start
        while offset + 8 <= bytes.count {
            guard bytes[offset..<offset + 4].allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
            let size = number(offset + 4, 4)
            offset += 8 + size + size % 2
        }
        return offset == bytes.count
    }

    private func format(_ range: Range<Int>) throws(WaveError) -> Format {
        guard range.count >= 16 else {
            throw WaveError("its `fmt ` chunk has \(range.count) bytes, and at least 16 are needed")
        }
        var tag = number(range.lowerBound, 2)
        let channels = number(range.lowerBound + 2, 2)
        let rate = number(range.lowerBound + 4, 4)
        let bits = number(range.lowerBound + 14, 2)
        // In `WAVE_FORMAT_EXTENSIBLE`, the actual format tag is the first two bytes of a GUID.
        if tag == 0xFFFE, range.count >= 26 { tag = number(range.lowerBound + 24, 2) }
        guard tag == 1 else { throw Self.unsupported("it holds \(Self.coding(tag, bits))") }
        guard bits == 16 else { throw Self.unsupported("it holds samples of \(bits) bits") }
        guard channels == 1 || channels == 2 else { throw Self.unsupported("it has \(channels) channels") }
        guard (1_000...384_000).contains(rate) else { throw Self.unsupported("it has \(rate) samples a second") }
        return Format(rate: rate, channels: channels)
    }

    private static func unsupported(_ found: String) -> WaveError {
        WaveError("\(found), and PCM of 16 bits with one or two channels is needed", isConvertible: true)
    }

    private static func coding(_ tag: Int, _ bits: Int) -> String {
        switch tag {
        case 2: "Microsoft ADPCM"
        case 3: "floating-point samples of \(bits) bits"
        case 6: "A-law"
        case 7: "µ-law"
        case 0x11: "IMA ADPCM"
        case 0x31: "GSM 6.10"
        case 0x50: "MPEG audio"
        case 0x55: "MP3"
        case 0xFF, 0x1600, 0x1610: "AAC"
        default: "a coding with the number \(tag)"
        }
    }

    /// The error for bytes that do not start like a WAV file; names their format if it is a known one.
    private static func error(ofBeginning bytes: [UInt8]) -> WaveError {
        let forms: [(beginning: [UInt8], name: String)] = [
            (Array("RIFX".utf8), "a big-endian WAV file"), (Array("RF64".utf8), "a WAV file of 64 bits"),
            (Array("BW64".utf8), "a WAV file of 64 bits"), (Array("OggS".utf8), "an Ogg file"),
            (Array("fLaC".utf8), "a FLAC file"), (Array("ID3".utf8), "an MP3 file"), ([0xFF, 0xFB], "an MP3 file"),
            ([0xFF, 0xF3], "an MP3 file"), (Array("FORM".utf8), "an AIFF file"), (Array(".snd".utf8), "an AU file"),
            ([0x1A, 0x45, 0xDF, 0xA3], "a WebM file"), (Array("RIFF".utf8), "a RIFF file that is no WAV file"),
        ]
        if bytes.isEmpty { return WaveError("it is empty") }
        if bytes.count < 12, bytes.starts(with: Array("RIFF".utf8).prefix(bytes.count)) {
            return WaveError("it breaks off within its first 12 bytes")
        }
        if bytes.count >= 12, text(bytes, 4) == "ftyp" {
            return WaveError("it is an MP4 file, and a WAV file is needed", isConvertible: true)
        }
        guard let form = forms.first(where: { bytes.starts(with: $0.beginning) }) else {
            return WaveError("it is no WAV file: it does not begin with `RIFF`")
        }
        return WaveError("it is \(form.name), and a WAV file is needed", isConvertible: true)
    }

    private func number(_ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    private static func text(_ bytes: [UInt8], _ offset: Int) -> String {
        guard offset + 4 <= bytes.count else { return "" }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
}

/// Why a file is not usable as PCM16 audio in WAV format, and how to convert it.
public struct WaveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path; nil for bytes in memory.
    public var path: String?
    /// What is wrong, such as "it holds samples of 24 bits, and PCM of 16 bits with one or two channels is needed".
    public let reason: String
    /// Whether `ffmpeg` can convert the file.
    let isConvertible: Bool

    init(_ reason: String, isConvertible: Bool = false) {
        self.reason = reason
        self.isConvertible = isConvertible
    }

    /// What is wrong with the file, with the command that converts it.
    public var description: String {
        let name = path?.printable ?? "the audio"
        guard isConvertible else { return "cannot read \(name): \(reason)" }
        let input = path.map { Self.shellWord($0.hasPrefix("-") ? "./" + $0 : $0) } ?? "IN"
        return "cannot read \(name): \(reason); convert it: `ffmpeg -i \(input) -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
    }

    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-_./+,:@%".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.printable.replacing("'", with: #"'\''"#) + "'"
    }
}
