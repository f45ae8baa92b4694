import RealtimeEvents
import Synchronization

/// What a router does, all its runs together: to be read while it does it.
package final class RouterActivity: Sendable {
    private struct Run {
        var counts: RunCounts
        let lanes: RunLanes
    }

    private struct State {
        var ended = RouterFigures()
        var running: [Int: Run] = [:]
        /// The handling times of each handler.
        var times: [String: HandlingTimes] = [:]
    }

    private let state = Mutex(State())

    init(_ table: RouteTable) { add(table) }

    /// Everything up to now: what ended runs came to, and what running ones last published.
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

    func begin(_ run: Int, _ lanes: RunLanes) {
        state.withLock { $0.running[run] = Run(counts: RunCounts(), lanes: lanes) }
    }

    /// Takes the counts of a run so far.
    func note(_ counts: RunCounts, of run: Int) {
        state.withLock { $0.running[run]?.counts = counts }
    }

    func end(_ run: Int, _ counts: RunCounts) {
        state.withLock { state in
            guard let ended = state.running.removeValue(forKey: run) else { return }
            state.ended.add(counts, ended.lanes.counts([]))
        }
    }
}
