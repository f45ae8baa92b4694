package import RealtimeEvents

/// What a session's state is told before the first event.
package struct SessionConfiguration: Sendable {
    /// The key of the session: the `session` of every record. Sessions that follow on the same source get `#2`, `#3`, …
    /// behind it.
    package var key: String
    /// The key of the session with a number, from 2 on, that follows on the same source; nil for ``key`` with `#2`, `#3`, …
    package var followingKey: (@Sendable (_ number: Int) -> String)?
    /// The server's id of the session, where it is known before the server says it.
    package var sessionID: String?
    /// Labels that are copied into every derived event.
    package var labels: [String: String]
    /// Where the events come from, for people; it stands in `router.session.started`.
    package var source: String?
    /// Whether the source answers, as a live socket does and a file does not.
    package var isInteractive: Bool
    /// How long an utterance may wait for earlier ones that are not complete, in seconds of event time; while a live
    /// source is silent, of the clock.
    package var utteranceHold: Double
    /// When the session says that an answer does not come, or that its end does.
    package var deadlines: SessionDeadlines
    /// The derived types that some route can match. Others are not built; the state is right all the same.
    package var observed: Set<EventType.Code>
    /// The outputs of function calls that the client's lines of a recording hold.
    ///
    /// Such a call is answered from here: nothing may run it, and nothing is sent for it, because that client sent it. Its
    /// `router.function_call.done` has the state `replayed` and comes with the client's line, or else at the end. The server's echo of an output is no reason to do so: every
    /// recording of an answered session has it, and a recording without client lines is made to be answered again.
    package var recordedOutputs: RecordedOutputs
    /// The API that the events belong to, unless the session says that it speaks another one.
    package var dialect: Dialect
    /// Whether calls run although ``recordedOutputs`` has their output.
    package var rerunCalls: Bool

    /// The configuration of a session.
    ///
    /// Without further arguments it is that of a file whose derived events are all wanted.
    package init(
        key: String, labels: [String: String] = [:], source: String? = nil, isInteractive: Bool = false,
        utteranceHold: Double = 10, deadlines: SessionDeadlines = SessionDeadlines(),
        observed: Set<EventType.Code> = Set(derivedTypes),
        recordedOutputs: RecordedOutputs = [:], rerunCalls: Bool = false, dialect: Dialect = .realtime
    ) {
        self.key = key
        self.labels = labels
        self.source = source
        self.isInteractive = isInteractive
        self.utteranceHold = utteranceHold
        self.deadlines = deadlines
        self.observed = observed
        self.recordedOutputs = recordedOutputs
        self.rerunCalls = rerunCalls
        self.dialect = dialect
    }

    /// The types of all events that a session derives.
    package static let derivedTypes: [EventType.Code] = EventType.Code.allCases.filter(\.isDerived)
}

/// Time spans after which a session says that something is wrong, in seconds of the time of its events. While a live source
/// is silent, time goes on by the clock.
public struct SessionDeadlines: Sendable, Hashable {
    /// How long nothing may come after the user spoke or a function was called, before `router.turn.stalled`.
    public var stalledAfter: Double
    /// How long the session may wait for its user before `router.user.idle`: one step or several, ascending.
    public var idleAfter: [Double]
    /// How long the server lets a session live.
    public var lifetime: Double
    /// How long before its end `router.session.expiring` tells of it.
    public var notice: Double

    /// Makes deadlines; the defaults are those of routes.yml. OpenAI ends a session after an hour.
    public init(
        stalledAfter: Double = 10, idleAfter: [Double] = [30], lifetime: Double = 3600, notice: Double = 300
    ) {
        self.stalledAfter = stalledAfter
        self.idleAfter = idleAfter
        self.lifetime = lifetime
        self.notice = notice
    }
}
