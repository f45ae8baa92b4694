/// A part of a message's content.
///
/// Also the `part` of `response.content_part.*`, whose type is `text` or `audio` even in GA. Realtime API, GA and beta.
public struct ContentPart: WireObject {
    /// The part's type.
    public var type: ContentPartType?
    /// The item that an `item_reference` refers to. Beta.
    public var id: String?
    /// The text of a text part.
    public var text: String?
    /// The audio, base64.
    public var audio: String?
    /// The transcript of the audio.
    public var transcript: String?
    /// The image as a data URL. GA.
    public var imageURL: String?
    /// The resolution at which the model views the image. GA.
    public var detail: ImageDetail?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("id", &id)
        coder.field("text", &text)
        coder.field("audio", &audio)
        coder.field("transcript", &transcript)
        coder.field("image_url", &imageURL)
        coder.field("detail", &detail)
    }
}

/// The type of a ``ContentPart``.
public struct ContentPartType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Text of the user or the developer.
    public static let inputText: ContentPartType = "input_text"
    /// Audio of the user.
    public static let inputAudio: ContentPartType = "input_audio"
    /// An image of the user. GA.
    public static let inputImage: ContentPartType = "input_image"
    /// Text of the model. GA.
    public static let outputText: ContentPartType = "output_text"
    /// Audio of the model. GA.
    public static let outputAudio: ContentPartType = "output_audio"
    /// Text of the model: beta items, and `part` in both generations.
    public static let text: ContentPartType = "text"
    /// Audio of the model: beta items, and `part` in both generations.
    public static let audio: ContentPartType = "audio"
    /// An earlier item. Beta.
    public static let itemReference: ContentPartType = "item_reference"

    /// The values that the protocol names.
    public static let known: [ContentPartType] = [
        .inputText, .inputAudio, .inputImage, .outputText, .outputAudio, .text, .audio, .itemReference,
    ]
}

/// The resolution at which a model views an image.
public struct ImageDetail: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The model decides.
    public static let auto: ImageDetail = "auto"
    /// Low resolution.
    public static let low: ImageDetail = "low"
    /// High resolution.
    public static let high: ImageDetail = "high"
    /// The original resolution.
    public static let original: ImageDetail = "original"

    /// The values that the protocol names.
    public static let known: [ImageDetail] = [.auto, .low, .high, .original]
}
