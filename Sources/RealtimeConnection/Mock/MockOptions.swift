/// How a mock endpoint plays its recordings: the times, and the faults that it injects.
public struct MockOptions: Sendable, Hashable {
    /// How long the client may take to do what the recording waits for.
    public var wait: Duration = .seconds(10)
    /// How much faster than recorded the events come; nil sends each one as soon as the client has done its part.
    public var speed: Double?
    /// How long after the end of the recording the connection is closed.
    public var linger: Duration = .seconds(2)
    /// How long a response takes at least. A client that sends a second `response.create` meanwhile is refused, as it is by the real
    /// server.
    public var responseTime: Duration = .milliseconds(50)

    /// The connection is cut after so many events, without a close frame.
    public var disconnectAfter: Int?
    /// How much later each event is sent.
    public var delay: Duration = .zero
    /// Whether events of unknown types and unknown fields come in between.
    public var sendsUnknownEvents = false
    /// The session expires after this time: an `error` with the code `session_expired`, then the close code 1001.
    public var expireAfter: Duration?
    /// Whether the words of the user come only after the response to them.
    public var sendsTranscriptsLate = false

    /// No faults, and as fast as the client goes.
    public init() {}
}

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
