/// Wakes one session's loop at a moment of the clock.
///
/// It is set before every wait, and in most of them something comes long before: so it keeps the one sleep that it has begun
/// and begins another only for an earlier moment. A loop that is woken too early sets it again.
struct LoopAlarm {
    /// How much later than asked for it may wake the loop, so that the jitter of events that come does not begin sleeps.
    private static let leeway = Duration.milliseconds(1)

    private let signal: SessionSignal
    private let clock: any RouterClock
    private var sleep: (until: Duration, task: Task<Void, any Error>)?

    init(_ signal: SessionSignal, on clock: any RouterClock) {
        self.signal = signal
        self.clock = clock
    }

    /// Raises the signal at this moment, which is still to come.
    mutating func set(for moment: Duration) {
        if let sleep, sleep.until > clock.now, moment >= sleep.until - Self.leeway { return }
        cancel()
        let task = Task { [signal, clock] in
            try await clock.sleep(for: moment - clock.now)
            signal.raise()
        }
        sleep = (moment, task)
    }

    /// Wakes nobody any more.
    mutating func cancel() {
        sleep?.task.cancel()
        sleep = nil
    }
}
