/// The time of a live source's events: between them it goes on by the clock.
///
/// It is known anew with every event that says its time, so nothing is due before it, however late events come. Without times
/// it is counted from the beginning of the run.
struct LiveTime {
    /// The last event that said its time: what it said, and when it came.
    private var anchor: (at: Double, moment: Duration)
    private(set) var arrival: (at: Double, moment: Duration)

    /// - Parameter start: The moment of the clock at which the run began.
    init(start: Duration) {
        anchor = (0, start)
        arrival = anchor
    }

    /// When the batch at hand came, to the microsecond.
    var arrivedAt: Double { arrival.at }

    /// A batch came.
    mutating func arrive(_ moment: Duration) {
        arrival = ((at(moment) * 1e6).rounded() / 1e6, moment)
    }

    /// An event of the batch at hand says its time.
    mutating func note(_ at: Double) {
        arrival.at = at
        anchor = arrival
    }

    /// The time of events at a moment of the clock.
    func at(_ moment: Duration) -> Double {
        anchor.at + (moment - anchor.moment).seconds
    }

    /// The moment at which it will be this time.
    func moment(of at: Double) -> Duration {
        // Events may say any time. A few hundred years are as long as for ever, and fit into a duration.
        anchor.moment + .seconds(min(max(at - anchor.at, 0), 1e10))
    }
}
