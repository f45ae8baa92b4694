package import RealtimeEvents

/// The figures of a router at one moment, all its runs together.
package struct RouterFigures: Sendable {
    /// What became of one handler's deliveries.
    package struct Handler: Sendable {
        /// The handler's name.
        package var name: String
        /// Its deliveries, by what became of them.
        package var counts = HandlerCounts()
        /// How long handling took, without failed attempts; see ``HandlingTimes/bounds``.
        package var times: [HandlingTimes.Bucket] = []

        /// Deliveries that wait in its queues or are being handled.
        package var queued: Int { max(0, counts.matched - counts.delivered - counts.dropped - counts.deadLetters) }
    }

    /// Runs that have not ended.
    package var running = 0
    /// Derived events.
    package var derived = 0
    /// Lines that are no events.
    package var undecodable = 0
    /// Wire events that no route took.
    package var unmatched = 0
    /// The names of the routes, in file order.
    package var routes: [String] = []
    /// How often each route took an event, in file order.
    package var matchedByRoute: [Int] = []
    /// The handlers, in file order.
    package var handlers: [Handler] = []
    private var byCode = [Int](repeating: 0, count: EventType.Code.allCases.count)

    init() {}

    /// Wire events by their type, of the types that came. Types that the router does not know stand under
    /// `EventType.Code.unknown`.
    package var eventsByCode: [(code: EventType.Code, count: Int)] {
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
