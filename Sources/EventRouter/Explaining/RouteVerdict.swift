public import ConfigSource
public import EventPatterns
public import RealtimeEvents

/// What became of one event at one route, and why.
public struct RouteVerdict: Sendable, Hashable {
    /// What became of it.
    public enum Outcome: Sendable, Hashable {
        /// The route fired, for these handlers. A function call goes to one handler only, so that there may be none.
        case fired(handlers: [String])
        /// The route fired and dropped the event: it has no handlers.
        case discarded
        /// It matched, and the route's `once_per` was used up; nil if it did so too many events ago.
        case alreadyFired(for: EarlierFiring?)
        /// It matched outside the route's schedule: `Sat 23:10 in Europe/Lisbon`; nil if nothing says what time it was.
        case outsideSchedule(at: String?)
        /// It matched, and an earlier route had ended the evaluation.
        case stopped(by: String)
        /// The route says nothing about `type`, and its handlers are made for other events.
        case notMadeFor
        /// The route takes the events of this side, and the event is of the other one.
        case otherSide(takes: SessionSide)
        /// It did not match.
        case failed(FailedCondition)
    }

    /// The route's name.
    public let route: String
    /// Where the route stands in its file.
    public let location: SourceLocation?
    /// What became of the event.
    public let outcome: Outcome
}

/// The event that used up a route's `once_per`.
public struct EarlierFiring: Sendable, Hashable {
    /// The event's place in its session.
    public let position: EventPosition
    /// How many seconds it came before the event that did not fire; nil if the events have no times.
    public let secondsBefore: Double?
    /// The value that the route counts by, as it may be written; nil if it counts by none.
    public let value: String?
}

/// The first condition of a route that an event failed.
public struct FailedCondition: Sendable, Hashable {
    /// The condition.
    public let condition: PatternCondition
    /// The path of the file that it stands in.
    public let file: String?
    /// How many conditions before it held.
    public let held: Int
    /// How many conditions there are.
    public let total: Int
    /// What the event has in the field.
    public let values: SeenValues
    /// Whether the condition holds by itself, only not in an array element in which those before it hold.
    public let holdsElsewhere: Bool

    /// `routes.yml:12:5`; nil for a route that was made in code.
    public var place: String? {
        condition.location.map { "\(file ?? "")\(file == nil ? "" : ":")\($0.line):\($0.column)" }
    }
}

/// Where an event went and why, route by route.
public struct EventExplanation: Sendable {
    /// The event itself.
    public let event: RealtimeEvent
    /// Who sent it; derived events count as the server's.
    public let side: SessionSide
    /// The key of its session.
    public let session: String
    /// The labels of its session, as they may be written.
    public let labels: [SessionLabel]
    /// The wall clock at the event, in seconds since 1970; nil for a recording of which nobody says when it began.
    public let wallTime: Double?
    /// What became of it at the routes that were asked about, in file order.
    public let verdicts: [RouteVerdict]
    /// The handler that got it because no route took it, if any.
    public let unmatchedHandler: String?
}
