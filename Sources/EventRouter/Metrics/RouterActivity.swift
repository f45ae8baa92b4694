package import RealtimeEvents
import Synchronization

/// The live counts of a router, over all its runs. Any thread may read them while the router runs.
package final class RouterActivity: Sendable {
    /// Returns a session's counts so far.
    typealias Read = @Sendable () -> (counts: RunCounts, handlers: [(name: String, counts: HandlerCounts)])

    private struct State {
        var ended = RouterFigures()
        var running: [Int: (source: String, read: Read)] = [:]
        /// The sources that had a session.
        var sources: Set<String> = []
        /// The handling times of each handler.
        var times: [String: HandlingTimes] = [:]
    }

    private let state = Mutex(State())

    /// Sources beyond this number are counted together as `other`.
    private static let sourceLimit = 50

    private let figureRegistry: SourceFigureRegistry

    init(routes: [String], handlers: [String], figures figureRegistry: SourceFigureRegistry) {
        self.figureRegistry = figureRegistry
        add(routes: routes, handlers: handlers)
    }

    /// The counts of all sessions up to now, ended and running.
    package var figures: RouterFigures {
        let state = state.withLock { $0 }
        var figures = state.ended
        figures.running = state.running.count
        figures.sources = figureRegistry.values
        figures.runningBySource = state.sources.sorted().map { ($0, 0) }
        for (source, read) in state.running.values {
            if let index = figures.runningBySource.firstIndex(where: { $0.source == source }) {
                figures.runningBySource[index].count += 1
            }
            let (counts, handlers) = read()
            figures.add(counts, handlers)
        }
        for index in figures.handlers.indices {
            figures.handlers[index].times = state.times[figures.handlers[index].name]?.buckets ?? []
        }
        return figures
    }

    /// Adds routes and handlers. Known names are kept.
    func add(routes: [String], handlers: [String]) {
        state.withLock { state in
            for name in routes { state.ended.index(ofRoute: name) }
            for name in handlers {
                state.ended.index(ofHandler: name)
                if state.times[name] == nil { state.times[name] = HandlingTimes() }
            }
        }
    }

    /// The histogram of a handler's handling times; nil for an unknown handler.
    func times(of handler: String) -> HandlingTimes? { state.withLock { $0.times[handler] } }

    /// Adds a running session.
    ///
    /// - Parameter source: The name of the session's source in metrics.
    func begin(_ session: Int, of source: String, _ read: @escaping Read) {
        state.withLock { state in
            let isKnown = state.sources.contains(source)
            let source = isKnown || state.sources.count < Self.sourceLimit ? source : "other"
            state.sources.insert(source)
            state.running[session] = (source, read)
        }
    }

    func end(_ session: Int) {
        guard let (counts, handlers) = state.withLock({ $0.running[session]?.read })?() else { return }
        // In one step, so that no reader misses the session's counts.
        state.withLock { state in
            state.running[session] = nil
            state.ended.add(counts, handlers)
        }
    }
}

/// A snapshot of a router's counts, over all its runs.
package struct RouterFigures: Sendable {
    /// The counts and handling times of one handler.
    package struct Handler: Sendable {
        /// The handler's name.
        package var name: String
        /// The handler's deliveries, by outcome.
        package var counts = HandlerCounts()
        /// The handling times of successful attempts, in the buckets of ``HandlingTimes/bounds``.
        package var times: [HandlingTimes.Bucket] = []

        /// The number of deliveries that are queued or being handled.
        package var queued: Int { max(0, counts.matched - counts.delivered - counts.dropped - counts.deadLetters) }
    }

    /// The number of sessions that have not ended.
    package var running = 0
    /// The number of sessions that have not ended, by source. A source whose sessions have all ended has 0.
    package var runningBySource: [(source: String, count: Int)] = []
    /// The metrics that sources report through ``SourceMetrics``.
    package var sources: [SourceFigureValue] = []
    /// The number of derived events.
    package var derived = 0
    /// The number of lines that are not events.
    package var undecodable = 0
    /// The number of wire events that no route matched.
    package var unmatched = 0
    /// The names of the routes, in file order. Routes of replaced rules stay; new routes are appended.
    package var routes: [String] = []
    /// The number of events that each route matched, in the order of ``routes``.
    package var matchedByRoute: [Int] = []
    /// The handlers, in file order. Handlers of replaced rules stay; new handlers are appended.
    package var handlers: [Handler] = []
    private var byCode = [Int](repeating: 0, count: EventType.Code.allCases.count)

    init() {}

    /// The number of wire events of each type that occurred. Types that the router does not know are counted under
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
        for (name, matched) in counts.matched { matchedByRoute[index(ofRoute: name)] += matched }
        for (index, count) in counts.byCode.enumerated() { byCode[index] += count }
        for (name, counts) in handlers { self.handlers[index(ofHandler: name)].counts += counts }
    }

    /// Returns the index of a route; appends the route if it is new.
    @discardableResult
    mutating func index(ofRoute name: String) -> Int {
        if let index = routes.firstIndex(of: name) { return index }
        routes.append(name)
        matchedByRoute.append(0)
        return routes.count - 1
    }

    /// Returns the index of a handler; appends the handler if it is new.
    @discardableResult
    mutating func index(ofHandler name: String) -> Int {
        if let index = handlers.firstIndex(where: { $0.name == name }) { return index }
        handlers.append(Handler(name: name))
        return handlers.count - 1
    }
}

/// A handler that reports on the router itself, such as the `metrics` handler.
///
/// ## Contract
/// The router calls `observe(_:)` once, before ``EventHandler/start()``; never in a dry run. The router measures
/// handling times and publishes counts only if one of its handlers is an observer.
package protocol RouterObserver: EventHandler {
    /// Receives the router's live counts. The handler may read them at any time, from any thread, also after the last
    /// run.
    func observe(_ activity: RouterActivity)
}
