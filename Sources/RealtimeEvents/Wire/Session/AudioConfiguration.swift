/// The settings of the audio in both directions. Realtime API, GA; translation.
public struct AudioConfiguration: WireObject {
    /// The user's audio.
    public var input: AudioInput?
    /// The model's audio.
    public var output: AudioOutput?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("input", &input)
        coder.field("output", &output)
    }
}

/// The settings of the user's audio. Realtime API, GA; translation.
public struct AudioInput: WireObject {
    /// The audio's format.
    public var format: AudioFormat?
    /// How noise is removed from the audio.
    public var noiseReduction: NoiseReduction?
    /// How the audio is transcribed; null if it is not.
    public var transcription: TranscriptionConfiguration?
    /// How the server detects the user's turns; null if it does not.
    public var turnDetection: TurnDetection?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("format", &format)
        coder.field("noise_reduction", &noiseReduction)
        coder.field("transcription", &transcription)
        coder.field("turn_detection", &turnDetection)
    }
}

/// The settings of the model's audio. Realtime API, GA; translation.
public struct AudioOutput: WireObject {
    /// The audio's format.
    public var format: AudioFormat?
    /// The voice.
    public var voice: Voice?
    /// The speed of speech; 1 is normal.
    public var speed: Double?
    /// The language to translate into. Translation.
    public var language: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("format", &format)
        coder.field("voice", &voice)
        coder.field("speed", &speed)
        coder.field("language", &language)
    }
}

/// How noise is removed from the user's audio. Realtime API, GA and beta; translation.
public struct NoiseReduction: WireObject {
    /// Where the microphone is.
    public var type: NoiseReductionType?
    /// How strongly noise is reduced.
    public var strength: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("strength", &strength)
    }
}

/// Where the user's microphone is.
public struct NoiseReductionType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Close, such as in a headset.
    public static let nearField: NoiseReductionType = "near_field"
    /// Far, such as in a laptop or a conference room.
    public static let farField: NoiseReductionType = "far_field"

    /// The values that the protocol names.
    public static let known: [NoiseReductionType] = [.nearField, .farField]
}

/// A format of audio. Realtime API, GA.
public struct AudioFormat: WireObject {
    /// The media type.
    public var type: AudioFormatType?
    /// The sample rate in Hz, for `audio/pcm`: 24000.
    public var rate: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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
    /// G.711 µ-law, 8000 Hz.
    public static let pcmu: AudioFormatType = "audio/pcmu"
    /// G.711 A-law, 8000 Hz.
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

    /// 16 bit samples, little endian, one channel, 24000 Hz.
    public static let pcm16: AudioEncoding = "pcm16"
    /// G.711 µ-law, 8000 Hz.
    public static let g711Ulaw: AudioEncoding = "g711_ulaw"
    /// G.711 A-law, 8000 Hz.
    public static let g711Alaw: AudioEncoding = "g711_alaw"

    /// The values that the protocol names.
    public static let known: [AudioEncoding] = [.pcm16, .g711Ulaw, .g711Alaw]
}

/// A voice: its name, or an object for a custom one.
public typealias Voice = PlainOrObject<VoiceName, VoiceReference>

/// A voice that is not built in. Realtime API, GA; Azure.
public struct VoiceReference: WireObject {
    /// A custom voice's id.
    public var id: String?
    /// The voice's name. Azure.
    public var name: String?
    /// The voice's provider, such as `openai`. Azure.
    public var type: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("name", &name)
        coder.field("type", &type)
    }
}

/// A built-in voice.
public struct VoiceName: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Alloy.
    public static let alloy: VoiceName = "alloy"
    /// Ash.
    public static let ash: VoiceName = "ash"
    /// Ballad.
    public static let ballad: VoiceName = "ballad"
    /// Cedar. GA.
    public static let cedar: VoiceName = "cedar"
    /// Coral.
    public static let coral: VoiceName = "coral"
    /// Echo.
    public static let echo: VoiceName = "echo"
    /// Marin. GA.
    public static let marin: VoiceName = "marin"
    /// Sage.
    public static let sage: VoiceName = "sage"
    /// Shimmer.
    public static let shimmer: VoiceName = "shimmer"
    /// Verse.
    public static let verse: VoiceName = "verse"

    /// The values that the protocol names.
    public static let known: [VoiceName] = [
        .alloy, .ash, .ballad, .cedar, .coral, .echo, .marin, .sage, .shimmer, .verse,
    ]
}
