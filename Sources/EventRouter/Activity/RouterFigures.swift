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
    /// Runs that have not ended, by their source; a source whose runs have ended has 0.
    package var runningBySource: [(source: String, count: Int)] = []
    /// What sources count of their own.
    package var sources: [SourceFigureValue] = []
    /// Derived events.
    package var derived = 0
    /// Lines that are no events.
    package var undecodable = 0
    /// Wire events that no route took.
    package var unmatched = 0
    /// The names of the routes, in file order; those of rules that came later are behind, and none is removed.
    package var routes: [String] = []
    /// How often each route took an event, in the order of ``routes``.
    package var matchedByRoute: [Int] = []
    /// The handlers, in file order; those that came later are behind, and none is removed.
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

    mutating func add(_ counts: RunCounts, _ handlers: [(name: String, counts: HandlerCounts)]) {
        derived += counts.derived
        undecodable += counts.undecodable
        unmatched += counts.unmatched
        for (name, matched) in counts.matched { matchedByRoute[place(ofRoute: name)] += matched }
        for (index, count) in counts.byCode.enumerated() { byCode[index] += count }
        for (name, counts) in handlers { self.handlers[place(ofHandler: name)].counts += counts }
    }

    /// The place of a route, which is the last one if it is new.
    @discardableResult
    mutating func place(ofRoute name: String) -> Int {
        if let place = routes.firstIndex(of: name) { return place }
        routes.append(name)
        matchedByRoute.append(0)
        return routes.count - 1
    }

    /// The place of a handler, which is the last one if it is new.
    @discardableResult
    mutating func place(ofHandler name: String) -> Int {
        if let place = handlers.firstIndex(where: { $0.name == name }) { return place }
        handlers.append(Handler(name: name))
        return handlers.count - 1
    }
}
