/// Audio in both directions. Realtime API, GA; translation.
public struct AudioConfiguration: WireObject {
    /// The user's audio.
    public var input: AudioInput?
    /// The model's audio.
    public var output: AudioOutput?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("input", &input)
        coder.field("output", &output)
    }
}

/// How the user's audio is taken. Realtime API, GA; translation.
public struct AudioInput: WireObject {
    /// Its format.
    public var format: AudioFormat?
    /// How noise is taken out of it.
    public var noiseReduction: NoiseReduction?
    /// How it is transcribed; null when it is not.
    public var transcription: TranscriptionConfiguration?
    /// How the server finds the user's turns; null when it does not.
    public var turnDetection: TurnDetection?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("format", &format)
        coder.field("noise_reduction", &noiseReduction)
        coder.field("transcription", &transcription)
        coder.field("turn_detection", &turnDetection)
    }
}

/// How the model's audio is made. Realtime API, GA; translation.
public struct AudioOutput: WireObject {
    /// Its format.
    public var format: AudioFormat?
    /// The voice.
    public var voice: Voice?
    /// The speed of speech; 1 is normal.
    public var speed: Double?
    /// The language to translate into. Translation.
    public var language: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("format", &format)
        coder.field("voice", &voice)
        coder.field("speed", &speed)
        coder.field("language", &language)
    }
}

/// How noise is taken out of the user's audio. Realtime API, GA and beta; translation.
public struct NoiseReduction: WireObject {
    /// Where the microphone is.
    public var type: NoiseReductionType?
    /// How strongly.
    public var strength: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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
