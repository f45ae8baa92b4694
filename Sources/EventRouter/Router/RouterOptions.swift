public import RealtimeEvents
public import RealtimeSession

/// Options of a router's sessions.
public struct RouterOptions: Sendable {
    /// How fast recorded events are routed.
    public enum Pace: Sendable, Hashable {
        /// As fast as possible.
        case unlimited
        /// At a multiple of the recorded speed; 1 is the original speed. Lines without a time are routed immediately;
        /// so are all lines if the number is not positive.
        case times(Double)

        /// The time that a line must wait; nil if it is due.
        func wait(until at: Double?, elapsed: Duration) -> Duration? {
            guard case .times(let factor) = self, let at, factor > 0 else { return nil }
            // A recording may contain any number as a time. Limit it to about 300 years, which fit into a duration.
            let due = Duration.seconds(min(at / factor, 1e10))
            return due > elapsed ? due - elapsed : nil
        }
    }

    /// How fast recorded events are routed.
    public var pace: Pace
    /// Matches and counts, but starts no handler and delivers nothing.
    public var isDryRun: Bool
    /// Runs calls even if the recording contains their outputs.
    public var rerunsCalls: Bool
    /// The dialect of sessions that do not state another dialect. It decides the meaning of type strings that several
    /// dialects share.
    public var dialect: Dialect
    /// The time, in seconds of event time, for which an utterance without its words delays later utterances.
    public var transcriptTimeout: Double
    /// The times after which a session reports a missing answer or its approaching end.
    public var deadlines: SessionDeadlines
    /// Routes lines with a type of the router's own (`router.*`) as derived events, for tests of rules. They do not
    /// change the session's state.
    public var acceptsDerivedEvents: Bool
    /// Whether routes of client events also take events that the router itself sent, according to a recording.
    package var routesOwnEvents = false
    /// The capacity of a session's queue of client events. While it is full, the session stops routing.
    public var outboundCapacity: Int
    /// The configuration of sessions that the router opens itself, for sources: see ``SourceContext/session``.
    public var session: SessionSettings?
    /// The largest size of an event, in bytes. A larger event becomes a dead letter.
    public var maxEventBytes: Int

    /// Creates options. The defaults are those of the command-line program.
    public init(
        pace: Pace = .unlimited, isDryRun: Bool = false, rerunsCalls: Bool = false, dialect: Dialect = .realtime,
        transcriptTimeout: Double = 10, deadlines: SessionDeadlines = SessionDeadlines(),
        acceptsDerivedEvents: Bool = false,
        outboundCapacity: Int = 1024, maxEventBytes: Int = 16 << 20
    ) {
        self.pace = pace
        self.isDryRun = isDryRun
        self.rerunsCalls = rerunsCalls
        self.dialect = dialect
        self.transcriptTimeout = transcriptTimeout
        self.deadlines = deadlines
        self.acceptsDerivedEvents = acceptsDerivedEvents
        self.outboundCapacity = outboundCapacity
        self.maxEventBytes = maxEventBytes
    }
}

/// An error of a router's function, with the reason.
public struct RouterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension RouterFailure {
    static let notStarted = RouterFailure("the router was not started: call start() first")
}

/// The version of this package.
package enum RouterVersion {
    /// The number, as in the package's tags.
    package static let number = "0.1.0"
}
