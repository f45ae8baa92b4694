public import RealtimeEvents

/// What a session is before its first event.
public struct SessionDescription: Sendable {
    /// What to do when a session with the same key runs.
    public enum TakenKey: Sendable, Hashable {
        /// The session gets the key with `#2`, `#3`, … behind it.
        case number
        /// The session is not opened.
        case refuse
    }

    /// The session's key.
    public var key: String
    /// What to do when a session with the same key runs.
    public var takenKey: TakenKey
    /// Where its events come from, for people; it stands in `router.session.started`.
    public var source: String
    /// Whether somebody answers: a live socket does, a recorded file does not. An event without a time then gets its arrival time.
    public var isInteractive: Bool
    /// Whether its events come as they happen. While none comes the time then goes on by the router's clock.
    public var isLive: Bool
    /// Labels that the source knows. Those that the caller of the run gave count more.
    public var labels: [SessionLabel]
    /// The server's id of the session, where it is known before the server says it.
    public var sessionID: String?
    /// How long nothing may come before the session ends, with the reason `idle`; nil for no limit.
    public var idleLimit: Duration?
    /// What the session may last and cost; only for live sessions.
    public var limits = SessionLimits()
    /// Whether the session goes on however long nothing comes, because the source does something else about it than to end the session.
    public var staysIdle = false
    /// Whether the source reads ``AttachedSession/outbound`` itself, as one does that has a connection of its own. Otherwise client events
    /// go to the `outbound` of the router's `run`.
    public var readsOutbound = false
    /// How the router configures the session, in one `session.update` behind the server's `session.created`; nil if it only announces
    /// functions. For a source that has a connection of its own: ``readsOutbound``.
    public var configuration: SessionBlock?
    /// Whether the configuration is sent at once, as the first event: the server never says that the session was created, as on a connection
    /// beside that of a call.
    public var configuresAtOnce = false
    /// Whether the router may send: not where somebody else holds the conversation and the router only watches it. Calls are left to the
    /// client then, no function is announced, and what handlers send is reported as unsent, with the reason `session_observed`.
    public var mayAnswer = true
    /// Whether a shutdown lets the session go on until its source ends it, or the deadline of the shutdown has passed.
    public var outlastsShutdown = false
    /// Whether the source sees to it that the session transcribes what its user says, so that nobody need be warned.
    public var isTranscribed = false
    /// Whether the source announces the router's functions itself, with ``AttachedSession/configure(_:)``, and keeps their calls from a
    /// client. The router answers all of those then, also where no route takes one.
    public var ownsFunctions = false
    /// Whether what is sent names the session, as it goes the same way as that of others.
    public var isAddressed = false
    /// The name that it has there; nil for its key.
    public var address: String?
    /// What its source is called in figures.
    var figuresName = "app"
    /// The outputs of function calls that the recording's client sent.
    public var recordedOutputs: RecordedOutputs = [:]
    /// Reads ahead further ones, once, before the first envelope is routed; nil when there are none.
    public var outputsAhead: (@Sendable () async throws -> RecordedOutputs)?

    /// Describes a session; without further arguments a live one.
    public init(
        key: String, takenKey: TakenKey = .number, source: String, isInteractive: Bool = true, isLive: Bool = true,
        labels: [SessionLabel] = [], sessionID: String? = nil, idleLimit: Duration? = nil
    ) {
        self.key = key
        self.takenKey = takenKey
        self.source = source
        self.isInteractive = isInteractive
        self.isLive = isLive
        self.labels = labels
        self.sessionID = sessionID
        self.idleLimit = idleLimit
    }
}
