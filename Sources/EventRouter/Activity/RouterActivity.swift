import RealtimeEvents
import Synchronization

/// What a router does, all its runs together: to be read while it does it.
package final class RouterActivity: Sendable {
    private struct State {
        var ended = RouterFigures()
        var running: [Int: AttachedSession] = [:]
        /// The handling times of each handler.
        var times: [String: HandlingTimes] = [:]
    }

    private let state = Mutex(State())

    init(_ table: RouteTable) { add(table) }

    /// Everything up to now: what ended sessions came to, and what running ones have come to.
    package var figures: RouterFigures {
        let state = state.withLock { $0 }
        var figures = state.ended
        figures.running = state.running.count
        for run in state.running.values { figures.add(run.counts, run.lanes.counts([])) }
        for index in figures.handlers.indices {
            figures.handlers[index].times = state.times[figures.handlers[index].name]?.buckets ?? []
        }
        return figures
    }

    /// Takes in which routes and handlers there are.
    func add(_ table: RouteTable) {
        state.withLock { state in
            for route in table.routes { state.ended.place(ofRoute: route.name) }
            for binding in table.handlers {
                state.ended.place(ofHandler: binding.name)
                if state.times[binding.name] == nil { state.times[binding.name] = HandlingTimes() }
            }
        }
    }

    /// Where the handling times of a handler are noted.
    func times(of handler: String) -> HandlingTimes? { state.withLock { $0.times[handler] } }

    func begin(_ id: Int, _ session: AttachedSession) {
        state.withLock { $0.running[id] = session }
    }

    func end(_ id: Int, _ session: AttachedSession) {
        let counts = (session.counts, session.lanes.counts([]))
        state.withLock { state in
            guard state.running.removeValue(forKey: id) != nil else { return }
            state.ended.add(counts.0, counts.1)
        }
    }
}
