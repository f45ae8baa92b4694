/// What a client event of the router was sent for.
public struct EventSender: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A sender from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A handler sent it, or it has the outcome of a call that a handler ran.
    public static let handler: EventSender = "handler"
    /// It configures the session, and announces functions too if there are some.
    public static let session: EventSender = "session"
    /// It announces functions.
    public static let tools: EventSender = "tools"

    /// All of them.
    public static let known: [EventSender] = [.handler, .session, .tools]
}

/// Why a client event was not sent.
public struct UnsentReason: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A reason from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Another executor answered the call.
    public static let answeredElsewhere: UnsentReason = "answered_elsewhere"
    /// Another session began on the same source, which does not know the call.
    public static let sessionReplaced: UnsentReason = "session_replaced"
    /// The connection was renewed, and the server's new session does not know the call or the item.
    public static let connectionRenewed: UnsentReason = "connection_renewed"
    /// The connection was lost before the server had confirmed the event, and the event was not sent again.
    public static let connectionLost: UnsentReason = "connection_lost"

    /// The router only watches the session.
    public static let sessionObserved: UnsentReason = "session_observed"

    /// All of them.
    public static let known: [UnsentReason] = [
        .answeredElsewhere, .sessionReplaced, .connectionRenewed, .connectionLost, .sessionObserved,
    ]
}
