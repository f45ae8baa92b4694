import RealtimeEvents
import Synchronization

/// What a router does, all its runs together: to be read while it does it.
package final class RouterActivity: Sendable {
    private struct Run {
        var counts: RunCounts
        let counters: [HandlerCounters]
    }

    private struct State {
        var ended = RouterFigures()
        var running: [Int: Run] = [:]
    }

    /// The handling times of each handler, in file order.
    let times: [HandlingTimes]
    private let routes: [String]
    private let handlers: [String]
    private let state: Mutex<State>

    init(_ table: RouteTable) {
        routes = table.routes.map(\.name)
        handlers = table.handlers.map(\.name)
        times = handlers.map { _ in HandlingTimes() }
        var figures = RouterFigures()
        figures.matchedByRoute = Array(repeating: 0, count: routes.count)
        figures.handlers = handlers.map { RouterFigures.Handler(name: $0) }
        figures.routes = routes
        state = Mutex(State(ended: figures))
    }

    /// Everything up to now: what ended runs came to, and what running ones last published.
    package var figures: RouterFigures {
        var (figures, running) = state.withLock { ($0.ended, Array($0.running.values)) }
        figures.running = running.count
        for run in running { figures.add(run.counts, run.counters) }
        for (index, times) in times.enumerated() { figures.handlers[index].times = times.buckets }
        return figures
    }

    func begin(_ run: Int, _ counters: [HandlerCounters]) {
        state.withLock { $0.running[run] = Run(counts: RunCounts(), counters: counters) }
    }

    /// Takes the counts of a run so far.
    func note(_ counts: RunCounts, of run: Int) {
        state.withLock { $0.running[run]?.counts = counts }
    }

    func end(_ run: Int, _ counts: RunCounts) {
        state.withLock { state in
            guard let ended = state.running.removeValue(forKey: run) else { return }
            state.ended.add(counts, ended.counters)
        }
    }
}
