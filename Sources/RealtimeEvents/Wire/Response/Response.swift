public import EventJSON

/// A response of the model. Realtime API, GA and beta.
public struct Response: WireObject {
    /// The response's id.
    public var id: String?
    /// `realtime.response`.
    public var object: String?
    /// The response's progress or how it ended.
    public var status: ResponseStatus?
    /// Why the response ended as it did.
    public var statusDetails: ResponseStatusDetails?
    /// The response's items, without audio; some servers leave it null.
    public var output: [ConversationItem]?
    /// The conversation that the response belongs to; null for an out-of-band response.
    public var conversationID: String?
    /// The kinds of output that the model produces. GA.
    public var outputModalities: [Modality]?
    /// The kinds of output that the model produces. Beta.
    public var modalities: [Modality]?
    /// The format and voice of its audio. GA.
    public var audio: AudioConfiguration?
    /// The voice. Beta, Azure.
    public var voice: Voice?
    /// The audio's format. Beta.
    public var outputAudioFormat: AudioEncoding?
    /// The sampling temperature. Beta.
    public var temperature: Double?
    /// The maximum number of tokens.
    public var maxOutputTokens: TokenLimit?
    /// The metadata that the client sent with `response.create`.
    public var metadata: [String: String]?
    /// The token counts; null until the response is done.
    public var usage: Usage?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
        coder.field("status", &status)
        coder.field("status_details", &statusDetails)
        coder.field("output", &output)
        coder.field("conversation_id", &conversationID)
        coder.field("output_modalities", &outputModalities)
        coder.field("modalities", &modalities)
        coder.field("audio", &audio)
        coder.field("voice", &voice)
        coder.field("output_audio_format", &outputAudioFormat)
        coder.field("temperature", &temperature)
        coder.field("max_output_tokens", &maxOutputTokens)
        coder.field("metadata", &metadata)
        coder.field("usage", &usage)
    }
}

/// Why a response ended as it did. Realtime API, GA and beta.
public struct ResponseStatusDetails: WireObject {
    /// A copy of the status.
    public var type: ResponseStatus?
    /// Why the response was cancelled or is incomplete.
    public var reason: ResponseStatusReason?
    /// Why the response failed.
    public var error: ServerError?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("reason", &reason)
        coder.field("error", &error)
    }
}

/// The progress of a response or how it ended.
public struct ResponseStatus: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The response is active.
    public static let inProgress: ResponseStatus = "in_progress"
    /// The response ended normally.
    public static let completed: ResponseStatus = "completed"
    /// The user or the client interrupted the response.
    public static let cancelled: ResponseStatus = "cancelled"
    /// The server could not produce the response.
    public static let failed: ResponseStatus = "failed"
    /// The response was cut off.
    public static let incomplete: ResponseStatus = "incomplete"

    /// The values that the protocol names.
    public static let known: [ResponseStatus] = [.inProgress, .completed, .cancelled, .failed, .incomplete]
}

/// Why a response was cancelled or is incomplete.
public struct ResponseStatusReason: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The user began to speak.
    public static let turnDetected: ResponseStatusReason = "turn_detected"
    /// The client sent `response.cancel`.
    public static let clientCancelled: ResponseStatusReason = "client_cancelled"
    /// The maximum number of tokens was reached.
    public static let maxOutputTokens: ResponseStatusReason = "max_output_tokens"
    /// The content filter stopped the response.
    public static let contentFilter: ResponseStatusReason = "content_filter"

    /// The values that the protocol names.
    public static let known: [ResponseStatusReason] = [
        .turnDetected, .clientCancelled, .maxOutputTokens, .contentFilter,
    ]
}

/// The kind of a model's output.
public struct Modality: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Text.
    public static let text: Modality = "text"
    /// Audio, with its transcript.
    public static let audio: Modality = "audio"

    /// The values that the protocol names.
    public static let known: [Modality] = [.text, .audio]
}

/// Whether a response is added to the default conversation.
public struct ConversationMode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The response is added to the conversation.
    public static let auto: ConversationMode = "auto"
    /// The response is not added to the conversation. Several such responses may run at the same time.
    public static let none: ConversationMode = "none"

    /// The values that the protocol names.
    public static let known: [ConversationMode] = [.auto, .none]
}

/// The maximum number of tokens of a response: a number, or `inf` for no limit. Realtime API, GA and beta.
public enum TokenLimit: WireValue {
    /// At most this many tokens.
    case count(Int)
    /// `inf`: no limit.
    case unlimited
    /// Anything else, kept unchanged.
    case other(JSONValue)

    /// Decodes any JSON value.
    public init?(json: JSONValue) {
        if let count = json.int {
            self = .count(count)
        } else if json == "inf" {
            self = .unlimited
        } else {
            self = .other(json)
        }
    }

    /// A JSON number or `"inf"`.
    public var json: JSONValue {
        switch self {
        case .count(let count): .number(JSONNumber(count))
        case .unlimited: "inf"
        case .other(let value): value
        }
    }

    /// An integer or a string.
    public static var shape: WireShape { .oneOf([.integer, .string(known: ["inf"])]) }
}
