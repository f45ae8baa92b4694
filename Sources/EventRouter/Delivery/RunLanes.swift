import Synchronization

/// All that one run delivers, also to handlers that were replaced.
final class RunLanes: Sendable {
    private let lanes = Mutex<[RunDeliveries]>([])

    var all: [RunDeliveries] { lanes.withLock { $0 } }

    /// Begins to deliver to a handler.
    func begin(_ runtime: HandlerRuntime, isLive: Bool, wakes signal: SessionSignal) -> RunDeliveries {
        let lane = RunDeliveries(runtime, isLive: isLive, wakes: signal)
        runtime.attach()
        lanes.withLock { $0.append(lane) }
        return lane
    }

    /// What became of the deliveries, by the handler's name; the given names first.
    func counts(_ names: [String]) -> [(name: String, counts: HandlerCounts)] {
        let all = all
        var byName = all.reduce(into: [String: HandlerCounts]()) {
            $0[$1.target.name, default: .init()] += $1.counters.counts
        }
        let ordered = names.map { ($0, byName.removeValue(forKey: $0) ?? HandlerCounts()) }
        return ordered + byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
