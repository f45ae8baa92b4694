import Synchronization

/// The rules in force, with the handlers that run for them.
struct ActiveRules: Sendable {
    let rules: RuleTable
    /// The handlers, as the rules number them.
    let runtimes: [HandlerRuntime]
    let context: DeliveryContext
}

/// All that one run delivers, also to handlers that were replaced.
final class RunLanes: Sendable {
    private struct State {
        var lanes: [RunDeliveries] = []
        /// The counts of lanes that are over and forgotten, by the handler's name.
        var forgotten: [String: HandlerCounts] = [:]
    }

    private let state = Mutex(State())

    var all: [RunDeliveries] { state.withLock { $0.lanes } }

    /// Begins to deliver to a handler.
    func begin(_ runtime: HandlerRuntime, isLive: Bool, wakes signal: SessionSignal) -> RunDeliveries {
        let lane = RunDeliveries(runtime, isLive: isLive, wakes: signal)
        runtime.attach()
        state.withLock { $0.lanes.append(lane) }
        return lane
    }

    /// Forgets the lanes that deliver nothing any more and have settled everything, with the handlers behind them. Their counts stay.
    ///
    /// - Parameter used: the lanes that still deliver.
    func forgetSettled(except used: [RunDeliveries]) {
        state.withLock { state in
            state.lanes.removeAll { lane in
                guard !lane.hasOpen, !used.contains(where: { $0 === lane }) else { return false }
                state.forgotten[lane.target.name, default: HandlerCounts()] += lane.counters.counts
                return true
            }
        }
    }

    /// What became of the deliveries, by the handler's name; the given names first.
    func counts(_ names: [String]) -> [(name: String, counts: HandlerCounts)] {
        var byName = state.withLock { state in
            state.lanes.reduce(into: state.forgotten) {
                $0[$1.target.name, default: HandlerCounts()] += $1.counters.counts
            }
        }
        let ordered = names.map { ($0, byName.removeValue(forKey: $0) ?? HandlerCounts()) }
        return ordered + byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
