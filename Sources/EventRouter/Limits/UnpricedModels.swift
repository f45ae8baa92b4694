import Logging
import Synchronization

/// Says once for each model that `max_cost` cannot be kept.
final class UnpricedModels: Sendable {
    /// So many models are told of.
    private static let limit = 50

    private let logger: Logger
    private let known = Mutex<Set<String>>([])

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Takes in that a session with `max_cost` used a model that has no price.
    func note(_ usage: UnpricedUsage, session: String) {
        tell(
            "model \(usage.model ?? "")", "`max_cost` does not count a usage that has no price in `prices`", session,
            [
                "model": "\((usage.model ?? "unknown").prefix(100))"
            ])
    }

    /// Takes in that a session has `max_cost`, and no handler has prices.
    func noteLack(session: String) {
        tell("", "`max_cost` cannot be kept: no handler has `prices`", session)
    }

    private func tell(
        _ subject: String, _ message: Logger.Message, _ session: String, _ metadata: Logger.Metadata = [:]
    ) {
        let isNew = known.withLock { $0.count < Self.limit && $0.insert(subject).inserted }
        guard isNew else { return }
        logger.warning(message, metadata: metadata.merging(["session": "\(session)"]) { first, _ in first })
    }
}
