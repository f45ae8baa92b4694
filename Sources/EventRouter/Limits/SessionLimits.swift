/// What a live session may last and cost before it ends by itself.
///
/// `router.session.limit` comes 30 s before ``maxDuration``, and when 90 % of ``maxCost`` are spent. Then the session ends with the reason
/// `max_duration` or `max_cost`, and its source closes the connection: see ``AttachedSession/waitForEnd()``.
public struct SessionLimits: Sendable, Hashable {
    /// How long the session may last, from its beginning; nil for any time.
    public var maxDuration: Duration?
    /// What the session may cost, in dollars, by the prices of a handler that implements ``PriceKeeping``; nil for any cost.
    public var maxCost: Double?

    /// Makes limits; by default there are none.
    public init(maxDuration: Duration? = nil, maxCost: Double? = nil) {
        self.maxDuration = maxDuration
        self.maxCost = maxCost
    }

    /// These limits, and where there is none, that of others.
    func filled(by others: SessionLimits) -> SessionLimits {
        SessionLimits(maxDuration: maxDuration ?? others.maxDuration, maxCost: maxCost ?? others.maxCost)
    }
}
