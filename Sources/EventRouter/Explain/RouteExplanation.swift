public import ConfigSource
public import EventPatterns
public import RealtimeEvents

/// How a route did in a whole run: how often it fired, and what kept it from doing so.
public struct RouteExplanation: Sendable {
    /// Events that failed at one condition.
    public struct Misses: Sendable {
        /// The condition, with the values of the first of these events.
        public let condition: FailedCondition
        /// How many events there were.
        public let count: Int
    }

    /// One event that nearly matched.
    public struct NearMiss: Sendable {
        /// Its position.
        public let position: EventPosition
        /// Its type.
        public let type: String
        /// The condition that it failed, with the values that it has there.
        public let condition: FailedCondition
    }

    /// The route's name.
    public let route: String
    /// Whose events it takes.
    public let side: SessionSide
    /// Where the route stands in its file.
    public let location: SourceLocation?
    /// How often it fired.
    public internal(set) var fired = 0
    /// The events of its types that did not match, by the condition that they failed; most events first.
    public internal(set) var misses: [Misses] = []
    /// Of these events the one that got furthest; the first of several.
    public internal(set) var closest: NearMiss?
    /// How often it matched when its `once_per` was used up.
    public internal(set) var alreadyFired = 0
    /// How often it matched outside its schedule.
    public internal(set) var outsideSchedule = 0
    /// How often it matched when nothing said what time it was, which its schedule needs.
    public internal(set) var undated = 0
    /// How often it matched when an earlier route had ended the evaluation, by that route's name.
    public internal(set) var stopped: [(by: String, count: Int)] = []
    /// The types of which none came, where the route or its handlers name them.
    public internal(set) var absentTypes: [String] = []

    /// The calls of the session that nobody ran, so that no `router.function_call.done` came of them; 0 for a route that is not
    /// about these.
    public internal(set) var callsNotRun = 0

    /// The number of events of its types that did not match.
    public var missed: Int { misses.reduce(0) { $0 + $1.count } }
}

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

/// Which events of a run are to be explained one by one, and to whom. A summary of every route is made in any case.
public struct ExplanationRequest: Sendable {
    /// Which events are explained.
    public enum Scope: Sendable, Hashable {
        /// Those that fired a route; with these routes.
        case fired
        /// Those of the types that a route is about, at that route.
        case route(String)
        /// One of them, at all routes.
        case event(EventPosition)
        /// Those at a time, at all routes: in seconds, to one decimal place, as people are shown it.
        case time(Double)
    }

    /// Which events are explained.
    public var scope: Scope
    /// Gets each explanation as the event is routed, on the session's task, which waits for it.
    public var receive: @Sendable (EventExplanation) -> Void

    /// Asks for explanations.
    public init(_ scope: Scope = .fired, receive: @escaping @Sendable (EventExplanation) -> Void = { _ in }) {
        self.scope = scope
        self.receive = receive
    }
}
