/// A session began: the body of `router.session.started`, behind the first event.
///
/// It says what that first event says: a connection that joined a running session knows no model.
public struct SessionStarted: DerivedPayload {
    /// `router.session.started`
    public static var eventType: EventType { .routerSessionStarted }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The model.
    public var model: String?
    /// `realtime`, `transcription` or `translation`, when the server said it.
    public var kind: String?
    /// The model that transcribes the user's audio; nil when there is none or the first event does not say.
    public var inputTranscription: String?
    /// Where the events come from, as the caller named it.
    public var source: String?

    /// A start without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("model", &model)
        coder.field("kind", &kind, of: SessionType.self)
        coder.field("input_transcription", &inputTranscription)
        coder.field("source", &source)
    }
}
