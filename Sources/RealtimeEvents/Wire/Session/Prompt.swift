/// A stored prompt and its variables. Realtime API, GA.
public struct Prompt: WireObject {
    /// The prompt's id.
    public var id: String?
    /// The prompt's version.
    public var version: String?
    /// The values of the prompt's variables.
    public var variables: [String: PromptVariable]?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("version", &version)
        coder.field("variables", &variables)
    }
}

/// A prompt variable's value: text or an input.
public typealias PromptVariable = PlainOrObject<String, PromptInput>

/// A text, an image or a file for a prompt. Realtime API, GA.
public struct PromptInput: WireObject {
    /// The kind of input.
    public var type: PromptInputType?
    /// The text.
    public var text: String?
    /// The image's URL or data URL.
    public var imageURL: String?
    /// The resolution at which the model views the image or file.
    public var detail: ImageDetail?
    /// The id of an uploaded file.
    public var fileID: String?
    /// The file's URL.
    public var fileURL: String?
    /// The file's content, base64.
    public var fileData: String?
    /// The file's name.
    public var filename: String?
    /// Where the cached part of the prompt ends.
    public var promptCacheBreakpoint: PromptCacheBreakpoint?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("text", &text)
        coder.field("image_url", &imageURL)
        coder.field("detail", &detail)
        coder.field("file_id", &fileID)
        coder.field("file_url", &fileURL)
        coder.field("file_data", &fileData)
        coder.field("filename", &filename)
        coder.field("prompt_cache_breakpoint", &promptCacheBreakpoint)
    }
}

/// Where the cached part of a prompt ends. Realtime API, GA.
public struct PromptCacheBreakpoint: WireObject {
    /// `explicit`.
    public var mode: String?
    /// How long the prompt is cached: `30m` or `12h`.
    public var ttl: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("mode", &mode)
        coder.field("ttl", &ttl)
    }
}

/// The kind of a ``PromptInput``.
public struct PromptInputType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A text.
    public static let inputText: PromptInputType = "input_text"
    /// An image.
    public static let inputImage: PromptInputType = "input_image"
    /// A file.
    public static let inputFile: PromptInputType = "input_file"

    /// The values that the protocol names.
    public static let known: [PromptInputType] = [.inputText, .inputImage, .inputFile]
}
