/// How the model chooses a tool: a mode, or one tool.
public typealias ToolChoice = PlainOrObject<ToolChoiceMode, ToolReference>

/// The one tool that the model must call. Realtime API, GA.
public struct ToolReference: WireObject {
    /// Function or MCP server.
    public var type: ToolType?
    /// The function, or the tool of the MCP server.
    public var name: String?
    /// The MCP server.
    public var serverLabel: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("name", &name)
        coder.field("server_label", &serverLabel)
    }
}

/// How the model chooses a tool.
public struct ToolChoiceMode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// It calls none.
    public static let none: ToolChoiceMode = "none"
    /// It may call any.
    public static let auto: ToolChoiceMode = "auto"
    /// It must call one.
    public static let required: ToolChoiceMode = "required"

    /// The values that the protocol names.
    public static let known: [ToolChoiceMode] = [.none, .auto, .required]
}
