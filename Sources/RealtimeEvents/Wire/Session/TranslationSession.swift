/// A translation session's configuration. Realtime API, translation.
public struct TranslationSession: WireObject {
    /// `translation`.
    public var type: SessionType?
    /// The session's id.
    public var id: String?
    /// The model.
    public var model: String?
    /// When the session ends, in seconds since 1970.
    public var expiresAt: Int?
    /// The speaker's audio and the language to translate into.
    public var audio: AudioConfiguration?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("id", &id)
        coder.field("model", &model)
        coder.field("expires_at", &expiresAt)
        coder.field("audio", &audio)
    }
}
