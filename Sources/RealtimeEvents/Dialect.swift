/// Which of the Realtime APIs a connection speaks.
///
/// The same type string means different things in them (`session.created`, `error`), so an event is told by its dialect
/// and its type together.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    /// Conversations and transcription, `/v1/realtime`: both generations, beta and GA.
    case realtime
    /// Speech translation, `/v1/realtime/translations`.
    case translation
}
