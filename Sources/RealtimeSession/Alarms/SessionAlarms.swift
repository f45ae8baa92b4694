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

/// How long a session has waited for its user: the time since the user last spoke or wrote, without that in which the model is at it.
///
/// It has no clock: every change says its time, in seconds since the recording began.
struct UserWait: Sendable {
    /// What keeps the session from waiting for its user.
    struct Holds: OptionSet, Sendable {
        let rawValue: UInt8

        /// The user speaks.
        static let speech = Holds(rawValue: 1)
        /// A response in the conversation is active.
        static let response = Holds(rawValue: 2)
        /// The server plays the model's audio to the user.
        static let playback = Holds(rawValue: 4)
        /// A function call is not answered.
        static let call = Holds(rawValue: 8)
        /// There is no connection.
        static let connection = Holds(rawValue: 16)
        /// The session has not begun.
        static let start = Holds(rawValue: 32)
    }

    /// The waits after which it is told, in seconds, ascending.
    private let steps: [Double]
    /// The next of them.
    private var step = 0
    private(set) var holds: Holds = .start
    /// Since when the session waits; nil while something holds.
    private var since: Double?
    /// How long it waited before that.
    private var waited = 0.0
    /// When the model's audio will have been played, by its length.
    private var playedUntil = -Double.infinity
    /// Whether the server says when it plays audio, so that the length of audio need not.
    private var isPlaybackTold = false
    /// Whether a call of a recording was offered to handlers. What the recorded session did about it is known by the response that follows.
    var hasRecordedCall = false

    init(steps: [Double]) {
        self.steps = steps
    }

    /// When the next step is due; infinity when none is to come.
    var due: Double {
        guard let since, step < steps.count else { return .infinity }
        return since + max(0, steps[step] - waited)
    }

    /// The user spoke or wrote: the steps begin anew.
    mutating func userActs(at time: Double) {
        (step, waited) = (0, 0)
        playedUntil = -.infinity
        hasRecordedCall = false
        if since != nil { since = time }
    }

    /// Something holds, or does not hold any more.
    mutating func set(_ hold: Holds, _ isHeld: Bool, at time: Double) {
        if isHeld { holds.insert(hold) } else { holds.remove(hold) }
        if holds.isEmpty {
            if since == nil { since = max(time, playedUntil) }
        } else if let begin = since {
            waited += max(0, time - begin)
            since = nil
        }
    }

    /// The server began or ended to play audio.
    mutating func setPlaying(_ isPlaying: Bool, at time: Double) {
        isPlaybackTold = true
        playedUntil = -.infinity
        set(.playback, isPlaying, at: time)
    }

    /// The model's audio is complete, of which the first came at a time. It plays behind that which came before it.
    ///
    /// - Parameter length: Its length in seconds.
    mutating func addAudio(from time: Double, length: Double) {
        guard !isPlaybackTold else { return }
        playedUntil = max(playedUntil, time) + length
    }

    /// The model's audio is not played any further.
    mutating func stopAudio(at time: Double) {
        playedUntil = -.infinity
        if let begin = since, begin > time { since = time }
    }

    /// There is a new connection, on which nothing is under way.
    mutating func renewConnection() {
        holds.subtract([.speech, .response, .playback, .call])
        playedUntil = -.infinity
        hasRecordedCall = false
    }

    /// The step that is due, once: its number from 1, and how long the session has waited, in seconds.
    mutating func take(at time: Double) -> (step: Int, waited: Double)? {
        guard let since, time >= due else { return nil }
        step += 1
        return (step, waited + max(0, time - since))
    }
}
