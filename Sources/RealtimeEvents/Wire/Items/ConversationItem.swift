/// An item of a conversation: a message, a function call or its output, or one of the MCP items.
///
/// One flat type for all of them, told apart by ``type``: beta had it so, and servers put fields where their type has
/// none (xAI gives function calls a role). Realtime API, GA and beta.
public struct ConversationItem: WireObject {
    /// The item's id.
    public var id: String?
    /// `realtime.item`.
    public var object: String?
    /// What the item is.
    public var type: ItemType?
    /// How far the item is; absent on function call outputs.
    public var status: ItemStatus?
    /// Who speaks in a message.
    public var role: ItemRole?
    /// What an assistant's message is within its response; sent by newer models, in no schema.
    public var phase: ItemPhase?
    /// The parts of a message.
    public var content: [ContentPart]?
    /// The id of a function call, and of its output.
    public var callID: String?
    /// The function or MCP tool that is called.
    public var name: String?
    /// The arguments of a call as JSON text; cut off when the item is incomplete.
    public var arguments: String?
    /// The result of a function call or an MCP call.
    public var output: String?
    /// The MCP server, by the label of its tool. GA.
    public var serverLabel: String?
    /// The tools that an MCP server lists. GA.
    public var tools: [MCPListedTool]?
    /// The approval request that an MCP call or approval response belongs to. GA.
    public var approvalRequestID: String?
    /// Whether an MCP approval response allows the call. GA.
    public var approve: Bool?
    /// Why an MCP approval response says so. GA.
    public var reason: String?
    /// Why an MCP call failed. GA.
    public var error: MCPError?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
        coder.field("type", &type)
        coder.field("status", &status)
        coder.field("role", &role)
        coder.field("phase", &phase)
        coder.field("content", &content)
        coder.field("call_id", &callID)
        coder.field("name", &name)
        coder.field("arguments", &arguments)
        coder.field("output", &output)
        coder.field("server_label", &serverLabel)
        coder.field("tools", &tools)
        coder.field("approval_request_id", &approvalRequestID)
        coder.field("approve", &approve)
        coder.field("reason", &reason)
        coder.field("error", &error)
    }
}
