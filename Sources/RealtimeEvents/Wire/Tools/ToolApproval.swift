/// Which tools of an MCP server may be called: names or a filter.
public typealias AllowedTools = PlainOrObject<[String], ToolFilter>

/// Which tools of an MCP server need approval: all, none or a filter.
public typealias RequiredApproval = PlainOrObject<ApprovalPolicy, ApprovalFilter>

/// Some tools of an MCP server. Realtime API, GA.
public struct ToolFilter: WireObject {
    /// By name.
    public var toolNames: [String]?
    /// Those that change nothing.
    public var readOnly: Bool?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("tool_names", &toolNames)
        coder.field("read_only", &readOnly)
    }
}

/// Which tools need approval. Realtime API, GA.
public struct ApprovalFilter: WireObject {
    /// Those that do.
    public var always: ToolFilter?
    /// Those that do not.
    public var never: ToolFilter?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("always", &always)
        coder.field("never", &never)
    }
}

/// Whether tools need approval.
public struct ApprovalPolicy: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// All do.
    public static let always: ApprovalPolicy = "always"
    /// None does.
    public static let never: ApprovalPolicy = "never"

    /// The values that the protocol names.
    public static let known: [ApprovalPolicy] = [.always, .never]
}
