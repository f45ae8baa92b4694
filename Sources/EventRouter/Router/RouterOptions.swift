public import RealtimeEvents
public import RealtimeSession

/// How a router runs its sessions.
public struct RouterOptions: Sendable {
    /// How fast recorded events are routed.
    public enum Pace: Sendable, Hashable {
        /// As fast as the machine can.
        case unlimited
        /// As many times faster than they were recorded: 1 is as it was. Lines without a time are routed at once, as all
        /// are when the number is not above 0.
        case times(Double)

        /// How long a line with this time has to wait.
        func wait(until at: Double?, elapsed: Duration) -> Duration? {
            guard case .times(let factor) = self, let at, factor > 0 else { return nil }
            // A recording may say any time. A few hundred years are as long as for ever, and fit into a duration.
            let due = Duration.seconds(min(at / factor, 1e10))
            return due > elapsed ? due - elapsed : nil
        }
    }

    /// How fast recorded events are routed.
    public var pace: Pace
    /// Matches and counts, but starts no handler and delivers nothing.
    public var isDryRun: Bool
    /// Runs the calls that the recording's client already answered, too.
    public var rerunsCalls: Bool
    /// What the type strings mean that several dialects share, in sessions that do not say that they speak another one.
    public var dialect: Dialect
    /// How long, in seconds of event time, an utterance whose words are missing holds back those behind it.
    public var utteranceHold: Double
    /// When a session says that an answer does not come, or that its end does.
    public var deadlines: SessionDeadlines
    /// Takes lines whose type is one of the router's own (`router.*`) for derived events, as tests of rules have them: they are
    /// routed as they stand, and the session hears nothing of them.
    public var acceptsDerivedEvents: Bool
    /// Whether routes of the client's events take those, too, that the router itself sent according to a recording.
    package var routesOwnEvents = false
    /// The bound of a session's queue of client events. While it is full, nothing is routed in the session.
    public var outboundCapacity: Int
    /// How the router configures the sessions that it opens itself, as a source gets it: see ``SourceContext/session``.
    public var session: SessionBlock?
    /// A longer event, in bytes, is not routed: it becomes a dead letter.
    public var maxEventBytes: Int

    /// Makes options; the defaults are those of the program.
    public init(
        pace: Pace = .unlimited, isDryRun: Bool = false, rerunsCalls: Bool = false, dialect: Dialect = .realtime,
        utteranceHold: Double = 10, deadlines: SessionDeadlines = SessionDeadlines(),
        acceptsDerivedEvents: Bool = false,
        outboundCapacity: Int = 1024, maxEventBytes: Int = 16 << 20
    ) {
        self.pace = pace
        self.isDryRun = isDryRun
        self.rerunsCalls = rerunsCalls
        self.dialect = dialect
        self.utteranceHold = utteranceHold
        self.deadlines = deadlines
        self.acceptsDerivedEvents = acceptsDerivedEvents
        self.outboundCapacity = outboundCapacity
        self.maxEventBytes = maxEventBytes
    }
}

/// A router that can't do what it was asked for, with the reason.
public struct RouterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong and what to do.
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
