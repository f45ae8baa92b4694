public import EventJSON

/// A tool that an MCP server lists. Realtime API, GA.
public struct MCPListedTool: WireObject {
    /// The tool's name.
    public var name: String?
    /// What the tool does.
    public var description: String?
    /// The JSON Schema of its arguments.
    public var inputSchema: JSONValue?
    /// The server's further description of the tool.
    public var annotations: JSONValue?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("name", &name)
        coder.field("description", &description)
        coder.field("input_schema", &inputSchema)
        coder.field("annotations", &annotations)
    }
}

/// Why an MCP call failed. Realtime API, GA.
public struct MCPError: WireObject {
    /// The kind of failure.
    public var type: MCPErrorType?
    /// The MCP protocol's or HTTP's error code; execution errors have none.
    public var code: Int?
    /// The error message.
    public var message: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("code", &code)
        coder.field("message", &message)
    }
}

/// The kind of failure of an MCP call.
public struct MCPErrorType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The MCP server answered with a protocol error.
    public static let protocolError: MCPErrorType = "protocol_error"
    /// The tool ran and failed.
    public static let toolExecutionError: MCPErrorType = "tool_execution_error"
    /// The MCP server could not be reached, or refused the request.
    public static let httpError: MCPErrorType = "http_error"

    /// The values that the protocol names.
    public static let known: [MCPErrorType] = [.protocolError, .toolExecutionError, .httpError]
}
