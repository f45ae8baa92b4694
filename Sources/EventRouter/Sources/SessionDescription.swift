public import RealtimeEvents

/// The properties of a session that its source states when it opens the session.
public struct SessionDescription: Sendable {
    /// What happens if a session with the same key is running.
    public enum TakenKey: Sendable, Hashable {
        /// The router appends `#2`, `#3`, … to the key.
        case number
        /// Opening the session throws.
        case refuse
    }

    /// The session's key.
    public var key: String
    /// What happens if a session with the same key is running.
    public var takenKey: TakenKey
    /// The origin of its events, for people; part of `router.session.started`.
    public var source: String
    /// Whether client events reach the other side, as with a live socket but not with a recorded file. If true, an
    /// event without a time gets its arrival time.
    public var isInteractive: Bool
    /// Whether events arrive as they happen. If true, event time advances by the router's clock between events.
    public var isLive: Bool
    /// Labels from the source. Labels from the caller of the run override them.
    public var labels: [SessionLabel]
    /// The server's id of the session, if the source knows it before the first event.
    public var sessionID: String?
    /// The time without events after which the session ends with the reason `idle`; nil for no limit.
    public var idleLimit: Duration?
    /// The limits on duration and cost; only for live sessions.
    public var limits = SessionLimits()
    /// Whether the session has no idle limit, because the source handles silence in another way.
    public var ignoresIdleLimit = false
    /// Whether the source itself sends the events of ``AttachedSession/outbound``, as a source with its own connection
    /// does. Otherwise client events go to the `outbound` sink of ``Router/run(_:labels:started:outbound:record:)``.
    public var readsOutbound = false
    /// The configuration that the router sends in a `session.update` after the server's `session.created`; nil to
    /// announce functions only. For a source with its own connection: ``readsOutbound``.
    public var configuration: SessionSettings?
    /// Whether the router sends the configuration immediately, as the first event, because the server never sends
    /// `session.created`, as on a second connection to a running call.
    public var configuresImmediately = false
    /// Whether the router may send client events. If false, the router only observes a conversation of another client:
    /// it leaves function calls to that client, announces no functions, and reports what handlers send as unsent, with
    /// the reason `session_observed`.
    public var maySendClientEvents = true
    /// Whether the session continues during a shutdown until its source ends it or the shutdown's deadline passes.
    public var outlastsShutdown = false
    /// Whether the source itself enables input transcription, so that the router need not warn about its absence.
    public var isTranscribed = false
    /// Whether the source announces the router's functions itself, with ``AttachedSession/configure(_:)``, and hides
    /// their calls from its client. The router then answers all of these calls, also those that no route takes.
    public var ownsFunctions = false
    /// Whether client events name the session, because several sessions share one output.
    public var isAddressed = false
    /// The session's name in that output; nil for its key.
    public var address: String?
    /// The source's name in metrics.
    var figuresName = "app"
    /// Counts the bytes of messages that wait to be routed; nil if the source does not publish this count.
    var waitingBytes: SourceGauge?
    /// The outputs of function calls that the client in the recording sent.
    public var recordedOutputs: RecordedOutputs = [:]
    /// Reads further recorded outputs; called once, before the first envelope is routed. Nil if there are none.
    public var outputsAhead: (@Sendable () async throws -> RecordedOutputs)?

    /// Creates a description; by default, of a live session.
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
