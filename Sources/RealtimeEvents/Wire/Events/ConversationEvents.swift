/// `conversation.created`: a conversation began. Realtime API, GA and beta.
public struct ConversationCreated: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The conversation.
    public var conversation: Conversation?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
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

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
    }
}

/// `conversation.item.added`, `.done` (GA) and `.created` (beta): an item stands in the conversation.
public struct ConversationItemEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item.
    public var item: ConversationItem?
    /// The item before it; null for the first, and where the server does not say. Order is told by `added`, not
    /// by `done`.
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

/// `conversation.item.retrieved`: an item that the client asked for, audio included. Realtime API, GA and beta.
public struct ConversationItemRetrieved: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item.
    public var item: ConversationItem?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item", &item)
    }
}

/// `conversation.item.deleted`. Realtime API, GA and beta.
public struct ConversationItemDeleted: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item that is gone.
    public var itemID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
    }
}

/// `conversation.item.truncated`: an assistant's audio was cut, and its transcript dropped. Realtime API, GA and
/// beta.
public struct ConversationItemTruncated: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The item.
    public var itemID: String?
    /// The content part within the item.
    public var contentIndex: Int?
    /// What is left of the audio, in milliseconds.
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
