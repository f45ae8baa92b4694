public import EventJSON

/// Whether and how a session is traced: `auto` or a configuration.
public typealias Tracing = PlainOrObject<TracingMode, TracingConfiguration>

/// How a session is traced. Realtime API, GA and beta.
public struct TracingConfiguration: WireObject {
    /// The trace's name.
    public var workflowName: String?
    /// What groups traces.
    public var groupID: String?
    /// What else the trace shall hold.
    public var metadata: JSONValue?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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

    /// With default values.
    public static let auto: TracingMode = "auto"

    /// The values that the protocol names.
    public static let known: [TracingMode] = [.auto]
}
