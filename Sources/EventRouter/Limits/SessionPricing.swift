import Logging
public import RealtimeEvents
import Synchronization

/// Says what sessions cost, for ``SessionLimits/maxCost``.
public protocol SessionPricing: Sendable {
    /// Whether the responses of a model have a price.
    func hasPrice(forModel model: String) -> Bool

    /// Makes what adds up the cost of one session.
    func makeMeter() -> any SessionCostMeter
}

/// Adds up what one session costs. The router gives it the server's events that name a model or a usage, in their order.
public protocol SessionCostMeter: Sendable {
    /// What the session has cost so far, in dollars. What has no price costs nothing.
    var cost: Double { get }

    /// Takes one event of the server.
    ///
    /// - Returns: whether the event has a usage without a price, and of which model, as far as it is known.
    mutating func add(_ event: RealtimeEvent) -> UnpricedUsage?
}

/// A usage that has no price.
public struct UnpricedUsage: Sendable, Hashable {
    /// The model; nil if no event has named it.
    public var model: String?

    /// Makes one.
    public init(model: String?) {
        self.model = model
    }
}

/// A handler that knows prices, as one of type `metrics` does. Of several in a table the first with prices counts.
public protocol PriceKeeping: EventHandler {
    /// The prices; nil if there are none.
    var pricing: (any SessionPricing)? { get }
}

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
        warn(
            "model \(usage.model ?? "")", "`max_cost` does not count a usage that has no price in `prices`", session,
            [
                "model": "\((usage.model ?? "unknown").prefix(100))"
            ])
    }

    /// Takes in that a session has `max_cost`, and no handler has prices.
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
