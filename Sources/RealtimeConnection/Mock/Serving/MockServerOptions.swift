/// What a ``MockServer`` does beside playing.
public struct MockServerOptions: Sendable, Hashable {
    /// Which of several recordings a client gets.
    public enum Selection: String, Sendable, Hashable, CaseIterable {
        /// The next one, and the first again after the last.
        case order
        /// The one with the model of the URL's query.
        case model
        /// The one whose file is named like the last part of the URL's path.
        case path
    }

    /// Which of several recordings a client gets.
    public var selection = Selection.order
    /// The server ends after so many sessions; nil for any number.
    public var sessions: Int?
    /// The times and the faults of each session.
    public var play = MockOptions()
    /// Whether messages are sent in fragments, and these in small pieces.
    public var fragments = false
    /// Each handshake is refused with this HTTP status and an error body of the API.
    public var handshakeStatus: Int?
    /// The folder for recordings of what happened, a file per session; nil for none.
    public var recordFolder: String?

    /// In order, for any number of sessions, without faults.
    public init() {}
}
