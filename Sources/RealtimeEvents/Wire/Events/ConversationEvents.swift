/// `conversation.created`: a conversation began. Realtime API, GA and beta.
public struct ConversationCreated: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The conversation.
    public var conversation: Conversation?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("conversation", &conversation)
    }
}

/// A conversation. Realtime API, GA and beta.
public struct Conversation: WireObject {
    /// The conversation's id.
    public var id: String?
    /// `realtime.conversation`.
    public var object: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
    }
}

/// `conversation.item.added`, `.done` (GA) and `.created` (beta): an item is in the conversation.
public struct ConversationItemEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var item: ConversationItem?
    /// The previous item; null for the first item, or if the server does not state it. Only `added` shows the
    /// conversation order, not `done`.
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

/// `conversation.item.retrieved`: an item that the client asked for, audio included. Realtime API, GA and beta.
public struct ConversationItemRetrieved: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var item: ConversationItem?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item", &item)
    }
}

/// `conversation.item.deleted`. Realtime API, GA and beta.
public struct ConversationItemDeleted: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The deleted item.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.truncated`: the assistant's audio was truncated and its transcript removed. Realtime API, GA and
/// beta.
public struct ConversationItemTruncated: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var itemID: String?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The remaining audio, in milliseconds.
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
