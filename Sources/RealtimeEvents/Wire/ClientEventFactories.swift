extension ClientEvent {
    /// A `conversation.item.create` that adds an item.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - previousItemID: The item after which the new item is inserted; `root` for the beginning, nil for the end.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func create(
        _ item: ConversationItem, behind previousItemID: String? = nil, eventID: String? = nil
    ) -> ClientEvent {
        var payload = ConversationItemCreate()
        payload.item = item
        payload.previousItemID = previousItemID
        payload.eventID = eventID
        return .conversationItemCreate(payload)
    }

    /// A `conversation.item.create` that answers a function call. It starts no response.
    ///
    /// - Parameters:
    ///   - output: The result for the model: any text, by convention JSON.
    ///   - callID: The `call_id` of the answered call.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func functionCallOutput(_ output: String, callID: String, eventID: String? = nil) -> ClientEvent {
        create(.functionCallOutput(output, callID: callID), eventID: eventID)
    }

    /// A `response.create`.
    ///
    /// - Parameters:
    ///   - parameters: The response's options; nil for the session's configuration.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func requestResponse(
        _ parameters: ResponseParameters? = nil, eventID: String? = nil
    ) -> ClientEvent {
        var payload = ResponseCreate()
        payload.response = parameters
        payload.eventID = eventID
        return .responseCreate(payload)
    }

    /// A `response.cancel`.
    ///
    /// - Parameters:
    ///   - responseID: The response to stop; nil for the active one.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func cancelResponse(_ responseID: String? = nil, eventID: String? = nil) -> ClientEvent {
        var payload = ResponseCancel()
        payload.responseID = responseID
        payload.eventID = eventID
        return .responseCancel(payload)
    }

    /// A `conversation.item.truncate`.
    ///
    /// - Parameters:
    ///   - itemID: The assistant's item.
    ///   - contentIndex: The index of the audio part in the item.
    ///   - audioEndMs: How much of the audio was heard, in milliseconds. The server rejects a value above the audio's
    ///     length.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func truncate(
        _ itemID: String, contentIndex: Int = 0, audioEndMs: Int, eventID: String? = nil
    ) -> ClientEvent {
        var payload = ConversationItemTruncate()
        payload.itemID = itemID
        payload.contentIndex = contentIndex
        payload.audioEndMs = audioEndMs
        payload.eventID = eventID
        return .conversationItemTruncate(payload)
    }

    /// A `session.update`.
    ///
    /// - Parameters:
    ///   - session: The settings to change.
    ///   - eventID: An id of the client's choice, which errors refer to.
    public static func update(_ session: Session, eventID: String? = nil) -> ClientEvent {
        var payload = SessionUpdate()
        payload.session = session
        payload.eventID = eventID
        return .sessionUpdate(payload)
    }
}
