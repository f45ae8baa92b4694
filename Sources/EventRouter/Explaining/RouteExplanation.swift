public import ConfigSource
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
