import RealtimeEvents
import Synchronization

/// What a router does, all its runs together: to be read while it does it.
package final class RouterActivity: Sendable {
    /// Reads what a session has come to so far.
    typealias Read = @Sendable () -> (counts: RunCounts, handlers: [(name: String, counts: HandlerCounts)])

    private struct State {
        var ended = RouterFigures()
        var running: [Int: Read] = [:]
        /// The handling times of each handler.
        var times: [String: HandlingTimes] = [:]
    }

    private let state = Mutex(State())

    init(routes: [String], handlers: [String]) { add(routes: routes, handlers: handlers) }

    /// Everything up to now: what ended sessions came to, and what running ones have come to.
    package var figures: RouterFigures {
        let state = state.withLock { $0 }
        var figures = state.ended
        figures.running = state.running.count
        for read in state.running.values {
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

    func begin(_ session: Int, _ read: @escaping Read) {
        state.withLock { $0.running[session] = read }
    }

    func end(_ session: Int) {
        guard let (counts, handlers) = state.withLock({ $0.running[session] })?() else { return }
        // In one step, so that no reader finds it nowhere.
        state.withLock { state in
            state.running[session] = nil
            state.ended.add(counts, handlers)
        }
    }
}
