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
