import EventRouter

/// The audio format of one side of a session.
enum AudioCoding: Hashable {
    /// Signed 16-bit little-endian samples, one channel.
    case pcm16(rate: Int)
    case muLaw
    case aLaw

    /// The protocol's default.
    static let standard = AudioCoding.pcm16(rate: SessionRate.standard)

    /// The PCM rates that are accepted, in hertz.
    private static let rates = 8_000...48_000

    /// Parses a format: `{"type": "audio/pcm", "rate": 24000}`, or a name of the beta API such as `pcm16`. Returns nil
    /// for an unknown format.
    init?(_ format: JSONValue) {
        switch format["type"]?.string ?? format.string {
        case "audio/pcm", "pcm16":
            let rate = format["rate"]?.int ?? SessionRate.standard
            guard Self.rates.contains(rate) else { return nil }
            self = .pcm16(rate: rate)
        case "audio/pcmu", "g711_ulaw": self = .muLaw
        case "audio/pcma", "g711_alaw": self = .aLaw
        default: return nil
        }
    }

    /// Samples per second.
    var rate: Int {
        switch self {
        case .pcm16(let rate): rate
        case .muLaw, .aLaw: 8_000
        }
    }

    private var bytesPerSample: Int {
        switch self {
        case .pcm16: 2
        case .muLaw, .aLaw: 1
        }
    }

    /// The duration of some bytes, in samples at 24 kHz.
    func duration(ofBytes count: Int) -> Int { count * SessionRate.standard / (bytesPerSample * rate) }
}

/// The sample rate of everything that is written.
public enum SessionRate {
    /// Samples per second: 24,000, the protocol's default.
    public static let standard = 24_000
}

/// Decodes one stream of audio to samples at 24 kHz.
struct AudioDecoder {
    let coding: AudioCoding
    private var resampler: Resampler
    /// The first byte of a sample whose second byte has not arrived.
    private var odd: UInt8?

    init(_ coding: AudioCoding) {
        self.coding = coding
        resampler = Resampler(from: coding.rate, to: SessionRate.standard)
    }

    /// The samples decoded from the next bytes.
    mutating func decode(_ bytes: [UInt8]) -> [Int16] {
        var samples: [Int16] = []
        resampler.process(self.samples(bytes), into: &samples)
        return samples
    }

    /// The remaining samples. Afterwards the decoder is ready for another stream.
    mutating func finish() -> [Int16] {
        var samples: [Int16] = []
        resampler.finish(into: &samples)
        resampler.restart()
        odd = nil
        return samples
    }

    private mutating func samples(_ bytes: [UInt8]) -> [Int16] {
        switch coding {
        case .muLaw: return bytes.map(G711.decodeMuLaw)
        case .aLaw: return bytes.map(G711.decodeALaw)
        case .pcm16:
            var bytes = bytes
            if let odd { bytes.insert(odd, at: 0) }
            odd = bytes.count % 2 == 0 ? nil : bytes.removeLast()
            return stride(from: 0, to: bytes.count, by: 2).map { index in
                Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
            }
        }
    }
}

/// The telephone codecs of ITU-T G.711: 8,000 samples per second, one byte each.
enum G711 {
    /// The sample encoded by a µ-law byte.
    static func decodeMuLaw(_ byte: UInt8) -> Int16 { muLaw[Int(byte)] }

    /// The sample encoded by an A-law byte.
    static func decodeALaw(_ byte: UInt8) -> Int16 { aLaw[Int(byte)] }

    private static let muLaw: [Int16] = (0...255).map { number in
        let bits = ~number & 0xFF
        let magnitude = ((bits & 0x0F) << 3 + 0x84) << ((bits & 0x70) >> 4) - 0x84
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }

    private static let aLaw: [Int16] = (0...255).map { number in
        let bits = number ^ 0x55
        let segment = (bits & 0x70) >> 4
        let step = (bits & 0x0F) << 4 + 8
        let magnitude = segment == 0 ? step : (step + 0x100) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }
}
