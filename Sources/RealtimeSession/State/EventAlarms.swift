internal import RealtimeEvents

/// What a session tells when enough time has passed. It has no clock: events bring the time, or whoever waits for them.
struct EventAlarms: Sendable {
    /// Somebody waits for the model.
    struct Wait: Sendable {
        let since: Double
        let after: StallCause
        let turn: Int
        let id: String?
        /// The occurrence of the call that the session waits for.
        var occurrence = 1
    }

    /// When the session ends as the server said it, in seconds since 1970.
    var expiresAt: Int?
    /// Whether the model never says anything in this session, so that nobody waits for it.
    var isModelSilent = false
    /// How long the session has waited for its user.
    private(set) var userWait: UserWait
    private let deadlines: SessionDeadlines
    private var wait: Wait?
    /// When it is time to tell of the session's end; infinity when that was told.
    private(set) var expiry = Double.infinity
    /// The time at which the first of them is due: asked on every event.
    private(set) var next = Double.infinity

    /// When somebody has waited for too long; infinity when nobody waits.
    var stall: Double { wait.map { $0.since + deadlines.stalledAfter } ?? .infinity }

    init(_ deadlines: SessionDeadlines) {
        self.deadlines = deadlines
        userWait = UserWait(steps: deadlines.idleAfter)
    }

    /// The session began.
    mutating func start(at: Double) {
        expiry = at + max(0, deadlines.lifetime - deadlines.notice)
        renew()
    }

    /// Something has to come now.
    mutating func expect(_ wait: Wait) {
        self.wait = wait
        renew()
    }

    /// It came, or nobody waits any longer.
    mutating func answer() {
        guard wait != nil else { return }
        wait = nil
        renew()
    }

    /// The wait that is over time, once.
    mutating func takeStall(at: Double) -> Wait? {
        guard let overdue = wait, at >= stall else { return nil }
        wait = nil
        renew()
        return overdue
    }

    /// How long the session has left, in seconds, when it is time to tell, once.
    mutating func takeExpiry(at: Double) -> Double? {
        guard at >= expiry else { return nil }
        let end = expiry + min(deadlines.notice, deadlines.lifetime)
        expiry = .infinity
        renew()
        return max(0, end - at)
    }

    /// Changes what is known of the wait for the user.
    mutating func changeUserWait(_ change: (inout UserWait) -> Void) {
        change(&userWait)
        renew()
    }

    /// The step of the wait for the user that is due, once.
    mutating func takeIdle(at: Double) -> (step: Int, waited: Double)? {
        guard let idle = userWait.take(at: at) else { return nil }
        renew()
        return idle
    }

    private mutating func renew() {
        next = min(expiry, stall, userWait.due)
    }
}
