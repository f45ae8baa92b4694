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
