import EventRouter

/// How a side of a session codes its audio.
enum AudioCoding: Hashable {
    /// 16 bit samples, little endian, one channel.
    case pcm16(rate: Int)
    case muLaw
    case aLaw

    /// The protocol's default.
    static let standard = AudioCoding.pcm16(rate: SessionRate.standard)

    /// Rates of PCM that servers may name.
    private static let rates = 8_000...48_000

    /// The coding of a format: `{"type": "audio/pcm", "rate": 24000}`, or a name of the beta; nil if it is not known.
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

    /// Samples a second.
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

    /// How many samples at 24 kHz some bytes last.
    func duration(ofBytes count: Int) -> Int { count * SessionRate.standard / (bytesPerSample * rate) }
}

/// The rate of everything that is written.
public enum SessionRate {
    /// Samples a second: 24,000, as the protocol has it.
    public static let standard = 24_000
}

/// Decodes one stream of audio to samples at 24 kHz.
struct AudioDecoder {
    let coding: AudioCoding
    private var resampler: Resampler
    /// The first byte of a sample whose second one has not come.
    private var odd: UInt8?

    init(_ coding: AudioCoding) {
        self.coding = coding
        resampler = Resampler(from: coding.rate, to: SessionRate.standard)
    }

    /// The samples that further bytes give.
    mutating func decode(_ bytes: [UInt8]) -> [Int16] {
        var samples: [Int16] = []
        resampler.process(self.samples(bytes), into: &samples)
        return samples
    }

    /// The samples that are left; another stream may begin then.
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

/// The telephone codings of ITU-T G.711: one byte for each of 8,000 samples a second.
enum G711 {
    /// The sample that a byte of µ-law stands for.
    static func decodeMuLaw(_ byte: UInt8) -> Int16 { muLaw[Int(byte)] }

    /// The sample that a byte of A-law stands for.
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
