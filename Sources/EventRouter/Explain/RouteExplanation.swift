public import ConfigSource
public import EventPatterns
public import RealtimeEvents

/// How often a route fired in a run, and why it did not fire for other events.
public struct RouteExplanation: Sendable {
    /// The events that failed one condition.
    public struct Misses: Sendable {
        /// The condition, with the first event's values.
        public let condition: FailedCondition
        /// The number of events.
        public let count: Int
    }

    /// An event that nearly matched.
    public struct NearMiss: Sendable {
        /// Its position.
        public let position: EventPosition
        /// Its type.
        public let type: String
        /// The condition that it failed, with the event's values.
        public let condition: FailedCondition
    }

    /// The route's name.
    public let route: String
    /// The side whose events the route takes.
    public let side: SessionSide
    /// The route's location in its file.
    public let location: SourceLocation?
    /// The number of events for which the route fired.
    public internal(set) var fired = 0
    /// The events of the route's types that did not match, by failed condition, most frequent first.
    public internal(set) var misses: [Misses] = []
    /// The event among these that fulfilled the most conditions; the first if there are several.
    public internal(set) var closest: NearMiss?
    /// The number of events that matched after the route had fired for the same `once_per` value.
    public internal(set) var alreadyFired = 0
    /// The number of events that matched outside the route's schedule.
    public internal(set) var outsideSchedule = 0
    /// The number of events that matched but had no known wall-clock time, which its schedule needs.
    public internal(set) var undated = 0
    /// The number of events that matched after an earlier route with `stop` had ended the evaluation, by that route's
    /// name.
    public internal(set) var stopped: [(by: String, count: Int)] = []
    /// The types that the route or its handlers name, if no event of these types occurred.
    public internal(set) var absentTypes: [String] = []

    /// The number of calls that were not run, so that no `router.function_call.done` followed; 0 for a route that does
    /// not take these events.
    public internal(set) var callsNotRun = 0

    /// The number of events of the route's types that did not match.
    public var missed: Int { misses.reduce(0) { $0 + $1.count } }
}

/// The outcome of one event at one route, with the reason.
public struct RouteVerdict: Sendable, Hashable {
    /// The outcome of an event at a route.
    public enum Outcome: Sendable, Hashable {
        /// The route fired for these handlers. The list may be empty, because a function call goes to one handler only.
        case fired(handlers: [String])
        /// The route fired and dropped the event: it has no handlers.
        case discarded
        /// The event matched, but the route had already fired for its `once_per` value; nil if there were too many
        /// events since then.
        case alreadyFired(for: EarlierFiring?)
        /// The event matched outside the route's schedule, at a local time such as `Sat 23:10 in Europe/Lisbon`; nil if
        /// the time is not known.
        case outsideSchedule(at: String?)
        /// The event matched, but an earlier route with `stop` had ended the evaluation.
        case stopped(by: String)
        /// The route has no condition on `type`, and its handlers use other types.
        case notMadeFor
        /// The route takes only events of this side, and the other side sent the event.
        case otherSide(takes: SessionSide)
        /// The event did not match.
        case failed(FailedCondition)
    }

    /// The route's name.
    public let route: String
    /// The route's location in its file.
    public let location: SourceLocation?
    /// The outcome.
    public let outcome: Outcome
}

/// The event for which a route with `once_per` fired earlier.
public struct EarlierFiring: Sendable, Hashable {
    /// The event's position in its session.
    public let position: EventPosition
    /// The seconds between it and the event that did not fire; nil if the events have no times.
    public let secondsBefore: Double?
    /// The redacted value of the route's `once_per` field; nil if it has no field.
    public let value: String?
}

/// The first condition of a route that an event failed.
public struct FailedCondition: Sendable, Hashable {
    /// The condition.
    public let condition: PatternCondition
    /// The path of the file that contains the condition.
    public let file: String?
    /// The number of conditions before the failed condition that held.
    public let held: Int
    /// The number of all conditions.
    public let total: Int
    /// The event's values of the field.
    public let values: SeenValues
    /// Whether the condition holds, but for a different array element than the conditions before it.
    public let holdsElsewhere: Bool

    /// The condition's location, such as `routes.yml:12:5`; nil for a route that was made in code.
    public var place: String? {
        condition.location.map { "\(file ?? "")\(file == nil ? "" : ":")\($0.line):\($0.column)" }
    }
}

/// The outcomes of one event, route by route.
public struct EventExplanation: Sendable {
    /// The event, redacted.
    public let event: RealtimeEvent
    /// The side that sent it; derived events count as the server's.
    public let side: SessionSide
    /// The key of its session.
    public let session: String
    /// The redacted labels of its session.
    public let labels: [SessionLabel]
    /// The wall-clock time of the event, in seconds since 1970; nil for a recording whose start is not known.
    public let wallTime: Double?
    /// The outcomes at the requested routes, in file order.
    public let verdicts: [RouteVerdict]
    /// The handler of unmatched events, if it got the event.
    public let unmatchedHandler: String?
}

/// Selects the events of a run that are explained one by one, and receives the explanations. The summary of every route
/// is always created.
public struct ExplanationRequest: Sendable {
    /// Which events are explained, and at which routes.
    public enum Scope: Sendable, Hashable {
        /// Events that fired a route, at the routes that fired.
        case fired
        /// Events of the types that a route takes, at that route.
        case route(String)
        /// One event, at all routes.
        case event(EventPosition)
        /// Events at a displayed time, in seconds with one decimal, at all routes.
        case time(Double)
    }

    /// Which events are explained, and at which routes.
    public var scope: Scope
    /// Receives each explanation while the event is routed. The session's task calls it and waits for it.
    public var receive: @Sendable (EventExplanation) -> Void

    /// Creates a request.
    public init(_ scope: Scope = .fired, receive: @escaping @Sendable (EventExplanation) -> Void = { _ in }) {
        self.scope = scope
        self.receive = receive
    }
}
