/// `response.function_call_arguments.delta`: a piece of a call's arguments. Realtime API, GA and beta.
public struct FunctionCallArgumentsDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The call.
    public var callID: String?
    /// The JSON text to append.
    public var delta: String?
    /// Padding that makes all frames equally long; in no schema.
    public var obfuscation: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("call_id", &callID)
        coder.field("delta", &delta)
        coder.field("obfuscation", &obfuscation)
    }
}

/// `response.function_call_arguments.done`: a call's arguments. Realtime API, GA and beta.
///
/// Also sent when the response is interrupted, with truncated arguments; only the item's status shows that.
public struct FunctionCallArgumentsDone: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The call.
    public var callID: String?
    /// The function's name. In the GA schema, and sent in beta too.
    public var name: String?
    /// The complete arguments as JSON text, which replaces the deltas.
    public var arguments: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("call_id", &callID)
        coder.field("name", &name)
        coder.field("arguments", &arguments)
    }
}

/// `response.mcp_call_arguments.delta`: a piece of an MCP call's arguments. Realtime API, GA.
public struct MCPCallArgumentsDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The JSON text to append.
    public var delta: String?
    /// Padding that makes all frames equally long; in no schema.
    public var obfuscation: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("delta", &delta)
        coder.field("obfuscation", &obfuscation)
    }
}

/// `response.mcp_call_arguments.done`: an MCP call's arguments. Realtime API, GA.
public struct MCPCallArgumentsDone: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The complete arguments as JSON text, which replaces the deltas.
    public var arguments: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("arguments", &arguments)
    }
}

/// `response.mcp_call.in_progress`, `.completed` and `.failed`: the server runs an MCP call. Realtime API, GA.
public struct MCPCallEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The call's item, which will hold the tool's name and result.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
    }
}

/// `mcp_list_tools.in_progress`, `.completed` and `.failed`: the server lists an MCP server's tools. Realtime API,
/// GA.
public struct MCPListToolsEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item that will hold the tools.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}
