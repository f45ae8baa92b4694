/// `conversation.item.create`: adds an item to the conversation. Realtime API, GA and beta.
public struct ConversationItemCreate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item.
    public var item: ConversationItem?
    /// The item to put it behind; `root` for the beginning, nil for the end.
    public var previousItemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item", &item)
        coder.field("previous_item_id", &previousItemID)
    }
}

/// `conversation.item.delete`. Realtime API, GA and beta.
public struct ConversationItemDelete: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item to delete.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.retrieve`: asks for an item with its audio. Realtime API, GA and beta.
public struct ConversationItemRetrieve: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item to send.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.truncate`: cuts an assistant's audio to what was heard. Realtime API, GA and beta.
public struct ConversationItemTruncate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The assistant's item.
    public var itemID: String?
    /// The content part within the item.
    public var contentIndex: Int?
    /// What to keep of the audio, in milliseconds; not more than there is.
    public var audioEndMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("audio_end_ms", &audioEndMs)
    }
}

/// `response.create`: asks for a response. Realtime API, GA and beta.
///
/// One response at a time may write to the conversation.
public struct ResponseCreate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// How to make it; nil for the session's configuration.
    public var response: ResponseParameters?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response", &response)
    }
}

/// `response.cancel`: stops a response. Realtime API, GA and beta.
public struct ResponseCancel: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response to stop; nil for the active one.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
