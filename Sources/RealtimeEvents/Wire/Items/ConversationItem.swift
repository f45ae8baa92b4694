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

extension ConversationItem {
    /// A message with one text part, in the form that GA wants.
    ///
    /// - Parameters:
    ///   - text: The words.
    ///   - role: Who speaks: the user and the system have `input_text`, the assistant `output_text`.
    public static func message(_ text: String, role: ItemRole = .user) -> ConversationItem {
        var part = ContentPart()
        part.type = role == .assistant ? .outputText : .inputText
        part.text = text
        var item = ConversationItem()
        item.type = .message
        item.role = role
        item.content = [part]
        return item
    }

    /// The answer to a function call.
    ///
    /// - Parameters:
    ///   - output: The result for the model; JSON by custom, but any text.
    ///   - callID: The call that it answers.
    public static func functionCallOutput(_ output: String, callID: String) -> ConversationItem {
        var item = ConversationItem()
        item.type = .functionCallOutput
        item.callID = callID
        item.output = output
        return item
    }

    /// The answer to an MCP approval request. Realtime API, GA.
    ///
    /// - Parameters:
    ///   - approve: Whether the call may run.
    ///   - requestID: The id of the approval request's item.
    public static func approval(_ approve: Bool, requestID: String) -> ConversationItem {
        var item = ConversationItem()
        item.type = .mcpApprovalResponse
        item.approvalRequestID = requestID
        item.approve = approve
        return item
    }
}

/// What a ``ConversationItem`` is.
public struct ItemType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Words or audio of the user, the assistant or the system.
    public static let message: ItemType = "message"
    /// The model asks the client to run a function.
    public static let functionCall: ItemType = "function_call"
    /// The client's answer to a function call.
    public static let functionCallOutput: ItemType = "function_call_output"
    /// A tool that the server itself runs. GA.
    public static let mcpCall: ItemType = "mcp_call"
    /// The tools of an MCP server. GA.
    public static let mcpListTools: ItemType = "mcp_list_tools"
    /// The server asks whether an MCP call may run. GA.
    public static let mcpApprovalRequest: ItemType = "mcp_approval_request"
    /// The client's answer to that. GA.
    public static let mcpApprovalResponse: ItemType = "mcp_approval_response"
    /// An earlier item by its id, in a response's input. Beta.
    public static let itemReference: ItemType = "item_reference"

    /// The values that the protocol names.
    public static let known: [ItemType] = [
        .message, .functionCall, .functionCallOutput, .mcpCall, .mcpListTools, .mcpApprovalRequest,
        .mcpApprovalResponse, .itemReference,
    ]
}

/// How far an item is.
public struct ItemStatus: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The item is whole.
    public static let completed: ItemStatus = "completed"
    /// The item was cut off with its response.
    public static let incomplete: ItemStatus = "incomplete"
    /// The item still grows.
    public static let inProgress: ItemStatus = "in_progress"

    /// The values that the protocol names.
    public static let known: [ItemStatus] = [.completed, .incomplete, .inProgress]
}

/// Who speaks in a message.
public struct ItemRole: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The user.
    public static let user: ItemRole = "user"
    /// The model.
    public static let assistant: ItemRole = "assistant"
    /// The developer.
    public static let system: ItemRole = "system"

    /// The values that the protocol names.
    public static let known: [ItemRole] = [.user, .assistant, .system]
}

/// What an assistant's message is within its response. Sent by gpt-realtime-2.1.
public struct ItemPhase: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Words on the way to the answer.
    public static let commentary: ItemPhase = "commentary"
    /// The answer.
    public static let finalAnswer: ItemPhase = "final_answer"

    /// The values that the protocol names.
    public static let known: [ItemPhase] = [.commentary, .finalAnswer]
}
