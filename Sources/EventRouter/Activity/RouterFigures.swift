public import RealtimeEvents

/// The figures of a router at one moment, all its runs together.
public struct RouterFigures: Sendable {
    /// What became of one handler's deliveries.
    public struct Handler: Sendable {
        /// The handler's name.
        public var name: String
        /// Its deliveries, by what became of them.
        public var counts = HandlerCounts()
        /// How long handling took, without failed attempts; see ``HandlingTimes/bounds``.
        public var times: [HandlingTimes.Bucket] = []

        /// Deliveries that wait in its queues or are being handled.
        public var queued: Int { max(0, counts.matched - counts.delivered - counts.dropped - counts.deadLetters) }
    }

    /// Runs that have not ended.
    public var running = 0
    /// Derived events.
    public var derived = 0
    /// Lines that are no events.
    public var undecodable = 0
    /// Wire events that no route took.
    public var unmatched = 0
    /// The names of the routes, in file order.
    public var routes: [String] = []
    /// How often each route took an event, in file order.
    public var matchedByRoute: [Int] = []
    /// The handlers, in file order.
    public var handlers: [Handler] = []
    private var byCode = [Int](repeating: 0, count: EventType.Code.allCases.count)

    init() {}

    /// Wire events by their type, of the types that came. Types that the router does not know stand under
    /// `EventType.Code.unknown`.
    public var eventsByCode: [(code: EventType.Code, count: Int)] {
        EventType.Code.allCases.compactMap { code in
            let count = byCode[Int(code.rawValue)]
            return count > 0 ? (code, count) : nil
        }
    }

    mutating func add(_ counts: RunCounts, _ counters: [HandlerCounters]) {
        derived += counts.derived
        undecodable += counts.undecodable
        unmatched += counts.unmatched
        for (index, count) in counts.matchedByRoute.enumerated() { matchedByRoute[index] += count }
        for (index, count) in counts.byCode.enumerated() { byCode[index] += count }
        for (index, counters) in counters.enumerated() { handlers[index].counts.add(counters.counts) }
    }
}

extension HandlerCounts {
    fileprivate mutating func add(_ other: HandlerCounts) {
        matched += other.matched
        delivered += other.delivered
        failed += other.failed
        retried += other.retried
        dropped += other.dropped
        deadLetters += other.deadLetters
    }
}
