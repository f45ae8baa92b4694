/// A short-lived key for clients. Realtime API, beta.
public struct ClientSecret: WireObject {
    /// The key.
    public var value: SecretString?
    /// When it ends, in seconds since 1970; in a request the rule for that.
    public var expiresAt: SecretExpiry?
    /// The rule in a `session.update`.
    public var expiresAfter: ExpiryRule?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("value", &value)
        coder.field("expires_at", &expiresAt)
        coder.field("expires_after", &expiresAfter)
    }
}

/// When a key shall end. Realtime API, beta.
public struct ExpiryRule: WireObject {
    /// Where time is counted from: `created_at`.
    public var anchor: String?
    /// Seconds from there.
    public var seconds: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("anchor", &anchor)
        coder.field("seconds", &seconds)
    }
}

/// When a key ends: seconds since 1970, or a rule.
public typealias SecretExpiry = PlainOrObject<Int, ExpiryRule>
