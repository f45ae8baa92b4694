import RealtimeEvents
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

    private let board: FigureBoard

    init(routes: [String], handlers: [String], figures board: FigureBoard) {
        self.board = board
        add(routes: routes, handlers: handlers)
    }

    /// Everything up to now: what ended sessions came to, and what running ones have come to.
    package var figures: RouterFigures {
        let state = state.withLock { $0 }
        var figures = state.ended
        figures.running = state.running.count
        figures.sources = board.values
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
