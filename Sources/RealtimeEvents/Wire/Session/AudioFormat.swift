/// A format of audio. Realtime API, GA.
public struct AudioFormat: WireObject {
    /// The media type.
    public var type: AudioFormatType?
    /// Samples a second, for `audio/pcm`: 24000.
    public var rate: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("rate", &rate)
    }
}

/// The media type of audio. GA.
public struct AudioFormatType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// 16 bit samples, little endian, one channel.
    public static let pcm: AudioFormatType = "audio/pcm"
    /// G.711 µ-law, 8000 samples a second.
    public static let pcmu: AudioFormatType = "audio/pcmu"
    /// G.711 A-law, 8000 samples a second.
    public static let pcma: AudioFormatType = "audio/pcma"

    /// The values that the protocol names.
    public static let known: [AudioFormatType] = [.pcm, .pcmu, .pcma]
}

/// The format of audio. Beta and translation.
public struct AudioEncoding: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// 16 bit samples, little endian, one channel, 24000 samples a second.
    public static let pcm16: AudioEncoding = "pcm16"
    /// G.711 µ-law, 8000 samples a second.
    public static let g711Ulaw: AudioEncoding = "g711_ulaw"
    /// G.711 A-law, 8000 samples a second.
    public static let g711Alaw: AudioEncoding = "g711_alaw"

    /// The values that the protocol names.
    public static let known: [AudioEncoding] = [.pcm16, .g711Ulaw, .g711Alaw]
}
