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
