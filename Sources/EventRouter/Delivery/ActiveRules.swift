import Synchronization

/// The current rules, with the handlers that are running for them.
struct ActiveRules: Sendable {
    let rules: RuleTable
    /// The handlers, in the order of ``rules``.
    let runtimes: [HandlerRuntime]
    let context: DeliveryContext
}

/// The deliveries of one run of a session's loop to all handlers, including replaced handlers.
final class RunLanes: Sendable {
    private struct State {
        var lanes: [RunDeliveries] = []
        /// The counts of removed elements of ``lanes``, by the handler's name.
        var forgotten: [String: HandlerCounts] = [:]
    }

    private let state = Mutex(State())

    var all: [RunDeliveries] { state.withLock { $0.lanes } }

    /// Adds a handler.
    func begin(_ runtime: HandlerRuntime, isLive: Bool, wakes signal: SessionSignal) -> RunDeliveries {
        let lane = RunDeliveries(runtime, isLive: isLive, wakes: signal)
        runtime.attach()
        state.withLock { $0.lanes.append(lane) }
        return lane
    }

    /// Removes handlers that get no more deliveries and have settled all their deliveries. Their counts are kept.
    ///
    /// - Parameter used: The elements that still deliver.
    func forgetSettled(except used: [RunDeliveries]) {
        state.withLock { state in
            state.lanes.removeAll { lane in
                guard !lane.hasOpen, !used.contains(where: { $0 === lane }) else { return false }
                state.forgotten[lane.target.name, default: HandlerCounts()] += lane.counters.counts
                return true
            }
        }
    }

    /// The counts of deliveries, by the handler's name; the given names first.
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
