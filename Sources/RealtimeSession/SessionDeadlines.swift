/// Time spans after which a session says that something is wrong, in seconds of the time of its events. While a live source
/// is silent, time goes on by the clock.
public struct SessionDeadlines: Sendable, Hashable {
    /// How long nothing may come after the user spoke or a function was called, before `router.turn.stalled`.
    public var stalledAfter: Double
    /// How long the session may wait for its user before `router.user.idle`: one step or several, ascending.
    public var idleAfter: [Double]
    /// How long the server lets a session live.
    public var lifetime: Double
    /// How long before its end `router.session.expiring` tells of it.
    public var notice: Double

    /// Makes deadlines; the defaults are those of routes.yml. OpenAI ends a session after an hour.
    public init(
        stalledAfter: Double = 10, idleAfter: [Double] = [30], lifetime: Double = 3600, notice: Double = 300
    ) {
        self.stalledAfter = stalledAfter
        self.idleAfter = idleAfter
        self.lifetime = lifetime
        self.notice = notice
    }
}
