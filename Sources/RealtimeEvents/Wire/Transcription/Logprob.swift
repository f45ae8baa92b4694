/// A token of a transcript with its probability. Realtime API, GA and beta.
public struct Logprob: WireObject {
    /// The token's text.
    public var token: String?
    /// The natural logarithm of its probability.
    public var logprob: Double?
    /// Its UTF-8 bytes.
    public var bytes: [Int]?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("token", &token)
        coder.field("logprob", &logprob)
        coder.field("bytes", &bytes)
    }
}

/// A language that was heard. Realtime API, GA, gpt-transcribe only.
public struct DetectedLanguage: WireObject {
    /// The language's code, such as `de`.
    public var code: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("code", &code)
    }
}
