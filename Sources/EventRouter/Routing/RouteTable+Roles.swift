public import RecordFiles

extension RouteTable {
    /// Everything that keeps records of sessions, with the name of the handler, or `dead letters`.
    public var records: [(name: String, records: any RecordKeeper)] {
        let kept = handlers.compactMap { binding in
            binding.roles.records?.records.map { (name: "handler `\(binding.name)`", records: $0) }
        }
        return kept + (deadLetters.records.map { [(name: "dead letters", records: $0)] } ?? [])
    }
}

extension RouteTable {
    /// What sessions cost, as the first handler with prices says it; nil if none has prices.
    public var pricing: (any SessionPricing)? { handlers.lazy.compactMap { $0.roles.prices?.pricing }.first }
}

extension RouteTable {
    /// The options of all handlers that have no effect unless a session is live, each name once, in file order.
    public var liveOptions: [String] {
        var names: [String] = []
        for binding in handlers {
            for name in binding.roles.live?.liveOptions ?? [] where !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }
}
