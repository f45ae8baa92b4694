public import RealtimeEvents

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
