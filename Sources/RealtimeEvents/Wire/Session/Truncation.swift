/// What happens when the conversation outgrows the model: a mode or a ratio.
public typealias Truncation = PlainOrObject<TruncationMode, RetentionRatio>

/// How much of a conversation is kept when it is truncated. Realtime API, GA.
public struct RetentionRatio: WireObject {
    /// `retention_ratio`.
    public var type: String?
    /// What part is kept, 0 to 1.
    public var retentionRatio: Double?
    /// From what size on.
    public var tokenLimits: TruncationTokenLimits?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("retention_ratio", &retentionRatio)
        coder.field("token_limits", &tokenLimits)
    }
}

/// The sizes that lead to truncation. Realtime API, GA.
public struct TruncationTokenLimits: WireObject {
    /// Tokens of the conversation behind the instructions.
    public var postInstructions: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("post_instructions", &postInstructions)
    }
}

/// A way to truncate.
public struct TruncationMode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The oldest items go.
    public static let auto: TruncationMode = "auto"
    /// None; an error instead.
    public static let disabled: TruncationMode = "disabled"

    /// The values that the protocol names.
    public static let known: [TruncationMode] = [.auto, .disabled]
}
