/// How the model chooses a tool: a mode, or one tool.
public typealias ToolChoice = PlainOrObject<ToolChoiceMode, ToolReference>

/// The one tool that the model must call. Realtime API, GA.
public struct ToolReference: WireObject {
    /// Whether the tool is a function or an MCP server.
    public var type: ToolType?
    /// The name of the function, or of the MCP server's tool.
    public var name: String?
    /// The label of the MCP server.
    public var serverLabel: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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

    /// The model calls no tool.
    public static let none: ToolChoiceMode = "none"
    /// The model may call any tool.
    public static let auto: ToolChoiceMode = "auto"
    /// The model must call a tool.
    public static let required: ToolChoiceMode = "required"

    /// The values that the protocol names.
    public static let known: [ToolChoiceMode] = [.none, .auto, .required]
}
