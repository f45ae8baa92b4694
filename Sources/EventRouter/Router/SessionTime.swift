/// What time it is for rules that go by time: that of the events in a recording, the clock's in a live session.
struct SessionTime {
    /// When the recording began, in seconds since 1970, where it is known.
    private(set) var started: Double?
    /// Whether the caller of the run said when the recording began.
    private let isStartGiven: Bool
    /// The last time that an event said, in seconds since the recording began.
    private var last: Double?
    private let isInteractive: Bool
    private let isLive: Bool
    private let run: Int

    init(started: Double?, isInteractive: Bool, isLive: Bool, run: Int) {
        self.started = started
        isStartGiven = started != nil
        self.isInteractive = isInteractive
        self.isLive = isLive
        self.run = run
    }

    /// A recording says when it began, or does not.
    mutating func recordingStarted(_ moment: Double?) {
        guard !isStartGiven else { return }
        started = moment
    }

    /// An event says its time.
    mutating func note(_ at: Double) { last = at }

    /// The time of an event, to be compared with others on the same scale. Where nothing says a time, time stands still.
    func time(_ at: Double?, _ clock: any RouterClock) -> (seconds: Double, scale: RouteIntervals.Scale) {
        let said = at ?? last
        if isInteractive || (isLive && said == nil) { return (clock.now.seconds, .clock) }
        return started.map { ($0 + (said ?? 0), .wall) } ?? (said ?? 0, .recording(run: run))
    }

    /// The wall clock at an event, in seconds since 1970; nil for a recording of which nobody says when it began.
    func wallTime(_ at: Double?, _ clock: any RouterClock) -> Double? {
        if isInteractive { return clock.wallTime }
        return started.map { $0 + (at ?? last ?? 0) } ?? (isLive ? clock.wallTime : nil)
    }
}
