public import EventJSON

/// What happens when the conversation exceeds the model's context: a mode or a ratio.
public typealias Truncation = PlainOrObject<TruncationMode, RetentionRatio>

/// How much of a conversation is kept when it is truncated. Realtime API, GA.
public struct RetentionRatio: WireObject {
    /// `retention_ratio`.
    public var type: String?
    /// The fraction that is kept, 0 to 1.
    public var retentionRatio: Double?
    /// The size above which the conversation is truncated.
    public var tokenLimits: TruncationTokenLimits?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("retention_ratio", &retentionRatio)
        coder.field("token_limits", &tokenLimits)
    }
}

/// The sizes that lead to truncation. Realtime API, GA.
public struct TruncationTokenLimits: WireObject {
    /// The limit in tokens, instructions not counted.
    public var postInstructions: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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

    /// The server drops the oldest items.
    public static let auto: TruncationMode = "auto"
    /// The server does not truncate and sends an error instead.
    public static let disabled: TruncationMode = "disabled"

    /// The values that the protocol names.
    public static let known: [TruncationMode] = [.auto, .disabled]
}

/// Whether and how a session is traced: `auto` or a configuration.
public typealias Tracing = PlainOrObject<TracingMode, TracingConfiguration>

/// How a session is traced. Realtime API, GA and beta.
public struct TracingConfiguration: WireObject {
    /// The trace's name.
    public var workflowName: String?
    /// The id that groups traces.
    public var groupID: String?
    /// Further data for the trace.
    public var metadata: JSONValue?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("workflow_name", &workflowName)
        coder.field("group_id", &groupID)
        coder.field("metadata", &metadata)
    }
}

/// A way to trace without a configuration.
public struct TracingMode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Traces with default values.
    public static let auto: TracingMode = "auto"

    /// The values that the protocol names.
    public static let known: [TracingMode] = [.auto]
}

/// How much a model should reason. Realtime API, GA.
public struct Reasoning: WireObject {
    /// The reasoning effort.
    public var effort: ReasoningEffort?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("effort", &effort)
    }
}

/// How much a model should reason.
public struct ReasoningEffort: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Minimal effort.
    public static let minimal: ReasoningEffort = "minimal"
    /// Low effort.
    public static let low: ReasoningEffort = "low"
    /// Medium effort.
    public static let medium: ReasoningEffort = "medium"
    /// High effort.
    public static let high: ReasoningEffort = "high"
    /// The highest effort.
    public static let xhigh: ReasoningEffort = "xhigh"

    /// The values that the protocol names.
    public static let known: [ReasoningEffort] = [.minimal, .low, .medium, .high, .xhigh]
}
