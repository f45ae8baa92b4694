/// A side of a session's connection: who sent an event.
public enum SessionSide: String, Sendable, Hashable, CaseIterable {
    /// The server. The events that the router derives count as the server's.
    case server
    /// The client: what the app itself sends, and before it sends it. It changes what the router knows of the session, and routes with
    /// ``Route/side`` `client` take it. What was taken from ``AttachedSession/outbound`` is the router's own: it is known already, and
    /// no route takes it. Audio is needed for a recording, and for a ``ClientAudioHandling``.
    case client
}
