/// What is left of one rate limit. Realtime API, GA and beta.
public struct RateLimit: WireObject {
    /// What is limited.
    public var name: RateLimitName?
    /// The greatest number.
    public var limit: Int?
    /// What is left of it.
    public var remaining: Int?
    /// Seconds until all of it is there again.
    public var resetSeconds: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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
