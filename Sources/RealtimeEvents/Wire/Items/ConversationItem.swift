/// An item of a conversation: a message, a function call or its output, or one of the MCP items.
///
/// One flat type for all kinds of items, distinguished by ``type``. The beta API had one type, and some servers send
/// fields that the item's kind does not have (xAI gives function calls a role). Realtime API, GA and beta.
public struct ConversationItem: WireObject {
    /// The item's id.
    public var id: String?
    /// `realtime.item`.
    public var object: String?
    /// The item's type.
    public var type: ItemType?
    /// The item's progress; absent on function call outputs.
    public var status: ItemStatus?
    /// The author of a message.
    public var role: ItemRole?
    /// The part of an assistant's message in the answer; sent by newer models, in no schema.
    public var phase: ItemPhase?
    /// The parts of a message.
    public var content: [ContentPart]?
    /// The id of a function call, and of its output.
    public var callID: String?
    /// The name of the called function or MCP tool.
    public var name: String?
    /// The arguments of a call as JSON text; truncated when the item is incomplete.
    public var arguments: String?
    /// The result of a function call or an MCP call.
    public var output: String?
    /// The label of the MCP server. GA.
    public var serverLabel: String?
    /// The tools that an MCP server lists. GA.
    public var tools: [MCPListedTool]?
    /// The approval request of an MCP call or approval response. GA.
    public var approvalRequestID: String?
    /// Whether an MCP approval response allows the call. GA.
    public var approve: Bool?
    /// The reason for an MCP approval or refusal. GA.
    public var reason: String?
    /// Why an MCP call failed. GA.
    public var error: MCPError?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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
    /// Creates a message with one text part, in the GA form.
    ///
    /// - Parameters:
    ///   - text: The words.
    ///   - role: The author. The part is `input_text` for the user and the system, `output_text` for the assistant.
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

    /// Creates the output of a function call.
    ///
    /// - Parameters:
    ///   - output: The result for the model: any text, by convention JSON.
    ///   - callID: The `call_id` of the answered call.
    public static func functionCallOutput(_ output: String, callID: String) -> ConversationItem {
        var item = ConversationItem()
        item.type = .functionCallOutput
        item.callID = callID
        item.output = output
        return item
    }

    /// Creates the answer to an MCP approval request. Realtime API, GA.
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

/// The kind of a ``ConversationItem``.
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
    /// A call of a tool that the server itself runs. GA.
    public static let mcpCall: ItemType = "mcp_call"
    /// The tools of an MCP server. GA.
    public static let mcpListTools: ItemType = "mcp_list_tools"
    /// The server asks whether an MCP call may run. GA.
    public static let mcpApprovalRequest: ItemType = "mcp_approval_request"
    /// The client's answer to an approval request. GA.
    public static let mcpApprovalResponse: ItemType = "mcp_approval_response"
    /// A reference to an earlier item by its id, in a response's input. Beta.
    public static let itemReference: ItemType = "item_reference"

    /// The values that the protocol names.
    public static let known: [ItemType] = [
        .message, .functionCall, .functionCallOutput, .mcpCall, .mcpListTools, .mcpApprovalRequest,
        .mcpApprovalResponse, .itemReference,
    ]
}

/// The progress of an item.
public struct ItemStatus: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The item is complete.
    public static let completed: ItemStatus = "completed"
    /// The item was cut off with its response.
    public static let incomplete: ItemStatus = "incomplete"
    /// The item is still being produced.
    public static let inProgress: ItemStatus = "in_progress"

    /// The values that the protocol names.
    public static let known: [ItemStatus] = [.completed, .incomplete, .inProgress]
}

/// The author of a message.
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

/// The part of an assistant's message in the answer. Sent by gpt-realtime-2.1.
public struct ItemPhase: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Words before the final answer.
    public static let commentary: ItemPhase = "commentary"
    /// The final answer.
    public static let finalAnswer: ItemPhase = "final_answer"

    /// The values that the protocol names.
    public static let known: [ItemPhase] = [.commentary, .finalAnswer]
}
