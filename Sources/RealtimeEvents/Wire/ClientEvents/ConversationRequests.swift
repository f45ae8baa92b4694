/// `conversation.item.create`: adds an item to the conversation. Realtime API, GA and beta.
public struct ConversationItemCreate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var item: ConversationItem?
    /// The item after which the new item is inserted; `root` for the beginning, nil for the end.
    public var previousItemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item", &item)
        coder.field("previous_item_id", &previousItemID)
    }
}

/// `conversation.item.delete`. Realtime API, GA and beta.
public struct ConversationItemDelete: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item to delete.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.retrieve`: requests an item with its audio. Realtime API, GA and beta.
public struct ConversationItemRetrieve: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item to retrieve.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.truncate`: truncates the assistant's audio to the part that was heard. Realtime API, GA and beta.
public struct ConversationItemTruncate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The assistant's item.
    public var itemID: String?
    /// The index of the content part in the item.
    public var contentIndex: Int?
    /// How much of the audio to keep, in milliseconds; at most its length.
    public var audioEndMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("audio_end_ms", &audioEndMs)
    }
}

/// `response.create`: requests a response. Realtime API, GA and beta.
///
/// Only one response at a time may write to the conversation.
public struct ResponseCreate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response's options; nil for the session's configuration.
    public var response: ResponseParameters?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response", &response)
    }
}

/// `response.cancel`: stops a response. Realtime API, GA and beta.
public struct ResponseCancel: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response to stop; nil for the active one.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
