package import RealtimeEvents

/// A session's settings.
package struct SessionConfiguration: Sendable {
    /// The session's key: the `session` of every record. Later sessions on the same source append `#2`, `#3`, ….
    package var key: String
    /// Returns the key of the source's session with a number, from 2 on. Nil means ``key`` with `#2`, `#3`, … appended.
    package var followingKey: (@Sendable (_ number: Int) -> String)?
    /// The server's session id, when the caller knows it before the server sends it.
    package var sessionID: String?
    /// Labels that are copied into every derived event.
    package var labels: [String: String]
    /// A description of the source for people; copied into `router.session.started`.
    package var source: String?
    /// Whether the source answers what is sent to it: true for a live socket, false for a file.
    package var isInteractive: Bool
    /// How long an utterance may wait for earlier ones that are not complete, in seconds. Event time counts; while a
    /// live source sends no events, clock time counts.
    package var transcriptTimeout: Double
    /// When the session reports a missing answer, an idle user or its approaching end.
    package var deadlines: SessionDeadlines
    /// The derived types that some route can match. Other types are not built; the state stays correct without them.
    package var observed: Set<EventType.Code>
    /// The outputs of function calls in the recording's client lines.
    ///
    /// A call with a recorded output is answered from the recording: no handler runs it and nothing is sent, because
    /// the recorded client sent the output. Its `router.function_call.done` has the state `replayed` and is emitted at
    /// the client's line, or at the end if there is no such line.
    ///
    /// The server's echo of an output does not count. Every recording of an answered session has the echo, and a
    /// recording without client lines is meant to be answered again.
    package var recordedOutputs: RecordedOutputs
    /// The API that the events belong to, unless the session names another API.
    package var dialect: Dialect
    /// Whether to run calls whose outputs are in ``recordedOutputs``.
    package var rerunCalls: Bool

    /// A session's configuration.
    ///
    /// The defaults suit a file whose derived events are all observed.
    package init(
        key: String, labels: [String: String] = [:], source: String? = nil, isInteractive: Bool = false,
        transcriptTimeout: Double = 10, deadlines: SessionDeadlines = SessionDeadlines(),
        observed: Set<EventType.Code> = Set(derivedTypes),
        recordedOutputs: RecordedOutputs = [:], rerunCalls: Bool = false, dialect: Dialect = .realtime
    ) {
        self.key = key
        self.labels = labels
        self.source = source
        self.isInteractive = isInteractive
        self.transcriptTimeout = transcriptTimeout
        self.deadlines = deadlines
        self.observed = observed
        self.recordedOutputs = recordedOutputs
        self.rerunCalls = rerunCalls
        self.dialect = dialect
    }

    /// The types of all events that a session derives.
    package static let derivedTypes: [EventType.Code] = EventType.Code.allCases.filter(\.isDerived)
}

/// Time spans after which a session emits a warning, in seconds of event time. While a live source sends no events,
/// clock time counts.
public struct SessionDeadlines: Sendable, Hashable {
    /// How long the model may stay silent after the user spoke or a function was called, before `router.turn.stalled`.
    public var stalledAfter: Double
    /// How long the user may stay silent before `router.user.idle`: one or several steps, ascending.
    public var idleAfter: [Double]
    /// The longest time that the server keeps a session open.
    public var lifetime: Double
    /// How long before the session's end `router.session.expiring` is emitted.
    public var notice: Double

    /// Creates deadlines. The defaults are those of routes.yml. OpenAI ends a session after an hour.
    public init(
        stalledAfter: Double = 10, idleAfter: [Double] = [30], lifetime: Double = 3600, notice: Double = 300
    ) {
        self.stalledAfter = stalledAfter
        self.idleAfter = idleAfter
        self.lifetime = lifetime
        self.notice = notice
    }
}
