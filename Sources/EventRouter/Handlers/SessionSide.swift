/// A side of a session's connection: who sent a message.
public enum SessionSide: Sendable, Hashable {
    /// The server: its events are matched against the rules.
    case server
    /// The client: what the app itself sends, and before it sends it. It changes what the router knows of the session. What was taken
    /// from ``AttachedSession/outbound`` is known already. Audio is needed for a recording, and for a ``ClientAudioHandling``.
    case client
}
