package import RealtimeEvents
import Synchronization

/// What a router does, all its runs together: to be read while it does it.
package final class RouterActivity: Sendable {
    /// Reads what a session has come to so far.
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

    /// So many sources are told apart.
    private static let sourceLimit = 50

    private let figureRegistry: SourceFigureRegistry

    init(routes: [String], handlers: [String], figures figureRegistry: SourceFigureRegistry) {
        self.figureRegistry = figureRegistry
        add(routes: routes, handlers: handlers)
    }

    /// Everything up to now: what ended sessions came to, and what running ones have come to.
    package var figures: RouterFigures {
        let state = state.withLock { $0 }
        var figures = state.ended
        figures.running = state.running.count
        figures.sources = figureRegistry.values
        figures.runningBySource = state.sources.sorted().map { ($0, 0) }
        for (source, read) in state.running.values {
            if let place = figures.runningBySource.firstIndex(where: { $0.source == source }) {
                figures.runningBySource[place].count += 1
            }
            let (counts, handlers) = read()
            figures.add(counts, handlers)
        }
        for index in figures.handlers.indices {
            figures.handlers[index].times = state.times[figures.handlers[index].name]?.buckets ?? []
        }
        return figures
    }

    /// Takes in which routes and handlers there are.
    func add(routes: [String], handlers: [String]) {
        state.withLock { state in
            for name in routes { state.ended.place(ofRoute: name) }
            for name in handlers {
                state.ended.place(ofHandler: name)
                if state.times[name] == nil { state.times[name] = HandlingTimes() }
            }
        }
    }

    /// Where the handling times of a handler are noted.
    func times(of handler: String) -> HandlingTimes? { state.withLock { $0.times[handler] } }

    /// A session runs.
    ///
    /// - Parameter source: what its source is called in figures.
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
        // In one step, so that no reader finds it nowhere.
        state.withLock { state in
            state.running[session] = nil
            state.ended.add(counts, handlers)
        }
    }
}

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

/// A handler that reports on the router itself, as a meter does.
///
/// ## Contract
/// `observe(_:)` is called once for each router that the handler serves, before ``EventHandler/start()``; in a dry run it is not called.
/// The router keeps no handling times and publishes no counts unless one of its handlers is a watcher.
package protocol RouterObserver: EventHandler {
    /// Takes what the router does. It may be read at any time, from any thread, also after the last run.
    func observe(_ activity: RouterActivity)
}
