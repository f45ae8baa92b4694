internal import RealtimeEvents

/// The times at which a session emits an event without a cause from the server. It has no clock: events or the waiting
/// caller supply the time.
struct SessionAlarms: Sendable {
    /// A wait for the model's answer.
    struct Wait: Sendable {
        let since: Double
        let after: StallCause
        let turn: Int
        let id: String?
        /// The occurrence of the awaited call.
        var occurrence = 1
    }

    /// When the server says the session ends, in seconds since 1970.
    var expiresAt: Int?
    /// Whether the session has no model output, as in transcription, so that no answer is awaited.
    var isModelSilent = false
    /// How long the user has been idle.
    private(set) var userIdle: UserIdleTimer
    private let deadlines: SessionDeadlines
    private var wait: Wait?
    /// When `router.session.expiring` is due; infinity once it was emitted.
    private(set) var expiry = Double.infinity
    /// The earliest due time; read on every event.
    private(set) var next = Double.infinity

    /// When the current wait counts as stalled; infinity if nothing is awaited.
    var stall: Double { wait.map { $0.since + deadlines.stalledAfter } ?? .infinity }

    init(_ deadlines: SessionDeadlines) {
        self.deadlines = deadlines
        userIdle = UserIdleTimer(steps: deadlines.idleAfter)
    }

    /// Starts the countdown to the session's end.
    mutating func start(at: Double) {
        expiry = at + max(0, deadlines.lifetime - deadlines.notice)
        renew()
    }

    /// Starts waiting for an answer.
    mutating func startWaiting(_ wait: Wait) {
        self.wait = wait
        renew()
    }

    /// Ends the wait: the answer arrived, or nothing is awaited any longer.
    mutating func stopWaiting() {
        guard wait != nil else { return }
        wait = nil
        renew()
    }

    /// Returns the wait that has lasted too long, and ends it; nil if no wait is overdue.
    mutating func takeStall(at: Double) -> Wait? {
        guard let overdue = wait, at >= stall else { return nil }
        wait = nil
        renew()
        return overdue
    }

    /// Returns how many seconds the session has left when the notice is due, once; nil otherwise.
    mutating func takeExpiry(at: Double) -> Double? {
        guard at >= expiry else { return nil }
        let end = expiry + min(deadlines.notice, deadlines.lifetime)
        expiry = .infinity
        renew()
        return max(0, end - at)
    }

    /// Changes the user's idle timer and updates the earliest due time.
    mutating func updateUserIdle(_ change: (inout UserIdleTimer) -> Void) {
        change(&userIdle)
        renew()
    }

    /// Returns the idle step that is due, once; nil if no step is due.
    mutating func takeIdle(at: Double) -> (step: Int, waited: Double)? {
        guard let idle = userIdle.take(at: at) else { return nil }
        renew()
        return idle
    }

    private mutating func renew() {
        next = min(expiry, stall, userIdle.due)
    }
}

/// How long the user has been idle: the time since the user last spoke or wrote, minus the times in which the timer is
/// paused.
///
/// It has no clock: every change passes its time, in seconds since the recording began.
struct UserIdleTimer: Sendable {
    /// Reasons for which the timer is paused.
    struct Pauses: OptionSet, Sendable {
        let rawValue: UInt8

        /// The user speaks.
        static let speech = Pauses(rawValue: 1)
        /// A response in the conversation is active.
        static let response = Pauses(rawValue: 2)
        /// The server plays the model's audio to the user.
        static let playback = Pauses(rawValue: 4)
        /// A function call has no answer yet.
        static let call = Pauses(rawValue: 8)
        /// The connection is lost.
        static let connection = Pauses(rawValue: 16)
        /// The session has not started.
        static let start = Pauses(rawValue: 32)
    }

    /// The idle times after which `router.user.idle` is emitted, in seconds, ascending.
    private let steps: [Double]
    /// The index of the next step.
    private var step = 0
    private(set) var pauses: Pauses = .start
    /// When the timer last resumed; nil while it is paused.
    private var since: Double?
    /// The idle time before that, in seconds.
    private var waited = 0.0
    /// When playback of the model's audio ends, calculated from its length.
    private var playedUntil = -Double.infinity
    /// Whether the server sends playback events, which replace the calculated playback time.
    private var hasPlaybackEvents = false
    /// Whether handlers were offered a call of a recording. The next response shows that the recorded session has dealt
    /// with the call.
    var hasRecordedCall = false

    init(steps: [Double]) {
        self.steps = steps
    }

    /// When the next step is due; infinity if no step is left or the timer is paused.
    var due: Double {
        guard let since, step < steps.count else { return .infinity }
        return since + max(0, steps[step] - waited)
    }

    /// Restarts the timer at the first step, because the user spoke or wrote.
    mutating func userWasActive(at time: Double) {
        (step, waited) = (0, 0)
        playedUntil = -.infinity
        hasRecordedCall = false
        if since != nil { since = time }
    }

    /// Adds or removes a reason to pause.
    mutating func set(_ reason: Pauses, _ isActive: Bool, at time: Double) {
        if isActive { pauses.insert(reason) } else { pauses.remove(reason) }
        if pauses.isEmpty {
            if since == nil { since = max(time, playedUntil) }
        } else if let begin = since {
            waited += max(0, time - begin)
            since = nil
        }
    }

    /// Records that the server started or stopped playing audio.
    mutating func setPlaying(_ isPlaying: Bool, at time: Double) {
        hasPlaybackEvents = true
        playedUntil = -.infinity
        set(.playback, isPlaying, at: time)
    }

    /// Adds complete audio of the model to the calculated playback. It plays after the audio before it.
    ///
    /// - Parameters:
    ///   - time: When its first delta arrived.
    ///   - length: The audio's length in seconds.
    mutating func addAudio(from time: Double, length: Double) {
        guard !hasPlaybackEvents else { return }
        playedUntil = max(playedUntil, time) + length
    }

    /// Ends the calculated playback.
    mutating func stopAudio(at time: Double) {
        playedUntil = -.infinity
        if let begin = since, begin > time { since = time }
    }

    /// Removes the pauses that belong to the old connection.
    mutating func renewConnection() {
        pauses.subtract([.speech, .response, .playback, .call])
        playedUntil = -.infinity
        hasRecordedCall = false
    }

    /// Returns the step that is due, once: its number from 1, and how long the user has been idle, in seconds.
    mutating func take(at time: Double) -> (step: Int, waited: Double)? {
        guard let since, time >= due else { return nil }
        step += 1
        return (step, waited + max(0, time - since))
    }
}
