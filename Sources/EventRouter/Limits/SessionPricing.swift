import Logging
public import RealtimeEvents
import Synchronization

/// The prices that determine a session's cost, for ``SessionLimits/maxCost``.
public protocol SessionPricing: Sendable {
    /// Whether the responses of a model have a price.
    func hasPrice(forModel model: String) -> Bool

    /// Creates a meter for the cost of one session.
    func makeMeter() -> any SessionCostMeter
}

/// Adds up the cost of one session. The router passes it the server events that name a model or a usage, in order.
public protocol SessionCostMeter: Sendable {
    /// The cost so far, in dollars. Usage without a price costs nothing.
    var cost: Double { get }

    /// Adds the cost of one server event.
    ///
    /// - Returns: The usage in the event that has no price; nil if there is none.
    mutating func add(_ event: RealtimeEvent) -> UnpricedUsage?
}

/// Usage that has no price.
public struct UnpricedUsage: Sendable, Hashable {
    /// The model; nil if no event has named it.
    public var model: String?

    /// Creates the unpriced usage of a model.
    public init(model: String?) {
        self.model = model
    }
}

/// A handler that knows prices, such as a `metrics` handler. The first handler with prices in a table applies.
public protocol PriceKeeping: EventHandler {
    /// The prices; nil if there are none.
    var pricing: (any SessionPricing)? { get }
}

/// Logs a warning, once for each model, that `max_cost` cannot be enforced.
final class UnpricedModels: Sendable {
    /// The largest number of models that are logged.
    private static let limit = 50

    private let logger: Logger
    private let known = Mutex<Set<String>>([])

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Warns that a session with `max_cost` used a model without a price.
    func note(_ usage: UnpricedUsage, session: String) {
        warn(
            "model \(usage.model ?? "")", "`max_cost` does not count a usage that has no price in `prices`", session,
            [
                "model": "\((usage.model ?? "unknown").prefix(100))"
            ])
    }

    /// Warns that a session has `max_cost` but no handler has prices.
    func noteLack(session: String) {
        warn("", "`max_cost` cannot be kept: no handler has `prices`", session)
    }

    private func warn(
        _ subject: String, _ message: Logger.Message, _ session: String, _ metadata: Logger.Metadata = [:]
    ) {
        let isNew = known.withLock { $0.count < Self.limit && $0.insert(subject).inserted }
        guard isNew else { return }
        logger.warning(message, metadata: metadata.merging(["session": "\(session)"]) { first, _ in first })
    }
}
