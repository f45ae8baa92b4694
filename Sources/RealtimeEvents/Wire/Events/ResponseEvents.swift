/// `response.created` and `response.done`: a response at its beginning or at its end. Realtime API, GA and beta.
public struct ResponseEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var response: Response?
    /// A copy of the response's id. xAI.
    public var responseID: String?
    /// The response's token counts. xAI, which sends no counts inside the response.
    public var usage: Usage?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response", &response)
        coder.field("response_id", &responseID)
        coder.field("usage", &usage)
    }
}

/// `response.output_item.added` and `.done`: an item of a response at its beginning or at its end. Realtime API, GA and
/// beta.
public struct OutputItemEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The item.
    public var item: ConversationItem?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("output_index", &outputIndex)
        coder.field("item", &item)
    }
}

/// `response.content_part.added` and `.done`: a content part at its beginning or at its end. Realtime API, GA and beta.
public struct ContentPartEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The part; its type is `text` or `audio`.
    public var part: ContentPart?
    /// A copy of ``part``. Azure.
    public var content: ContentPart?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
        coder.field("part", &part)
        coder.field("content", &content)
    }
}

/// `rate_limits.updated`: the remaining rate limits. Realtime API, GA and beta; many sessions send none.
public struct RateLimitsUpdated: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The limits.
    public var rateLimits: [RateLimit]?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("rate_limits", &rateLimits)
    }
}

/// One rate limit and what remains of it. Realtime API, GA and beta.
public struct RateLimit: WireObject {
    /// What the limit counts.
    public var name: RateLimitName?
    /// The highest allowed number.
    public var limit: Int?
    /// The remaining number.
    public var remaining: Int?
    /// Seconds until the limit is fully restored.
    public var resetSeconds: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("name", &name)
        coder.field("limit", &limit)
        coder.field("remaining", &remaining)
        coder.field("reset_seconds", &resetSeconds)
    }
}

/// What a rate limit counts.
public struct RateLimitName: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Requests.
    public static let requests: RateLimitName = "requests"
    /// Tokens.
    public static let tokens: RateLimitName = "tokens"

    /// The values that the protocol names.
    public static let known: [RateLimitName] = [.requests, .tokens]
}
