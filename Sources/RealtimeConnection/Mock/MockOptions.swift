/// How a mock endpoint plays its recordings: the timing, and the faults that it injects.
public struct MockOptions: Sendable, Hashable {
    /// How long the mock waits for each expected client event.
    public var wait: Duration = .seconds(10)
    /// The playback speed relative to the recording; nil to send each event as soon as the client has sent what precedes it.
    public var speed: Double?
    /// How long the connection stays open after the end of the recording.
    public var linger: Duration = .seconds(2)
    /// The minimum duration of a response. Meanwhile the mock refuses a second `response.create`, as the real server does.
    public var responseTime: Duration = .milliseconds(50)

    /// The number of events after which the connection is closed without a close frame; nil if it is not closed.
    public var disconnectAfter: Int?
    /// The delay of each event.
    public var delay: Duration = .zero
    /// Whether to add events of unknown types, and unknown fields.
    public var sendsUnknownEvents = false
    /// The time after which the session expires: an `error` event with the code `session_expired`, then the close code
    /// 1001. Nil if it does not expire.
    public var expireAfter: Duration?
    /// Whether the transcripts of the user's speech are sent only after the response to it.
    public var sendsTranscriptsLate = false

    /// Options without faults, and without recorded timing.
    public init() {}
}

/// The options of a ``MockServer``.
public struct MockServerOptions: Sendable, Hashable {
    /// How the server chooses among several recordings.
    public enum Selection: String, Sendable, Hashable, CaseIterable {
        /// In order, starting again after the last recording.
        case order
        /// The recording whose model is the `model` of the URL's query.
        case model
        /// The recording whose file name, without extension, is the last segment of the URL's path.
        case path
    }

    /// How the server chooses among several recordings.
    public var selection = Selection.order
    /// The number of sessions after which the server ends; nil for no limit.
    public var sessions: Int?
    /// The timing and the faults of each session.
    public var play = MockOptions()
    /// Whether messages are sent in fragments, and each fragment in several TCP writes.
    public var fragments = false
    /// The HTTP status with which each handshake is refused, with the API's error body; nil to accept.
    public var handshakeStatus: Int?
    /// The folder for recordings of the played sessions, one file per session; nil for no recordings.
    public var recordFolder: String?

    /// Options for any number of sessions, in order, without faults.
    public init() {}
}
