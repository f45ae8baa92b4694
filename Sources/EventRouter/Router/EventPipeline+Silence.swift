import RealtimeSession

// What a live source brings by sending nothing.
extension EventPipeline {
    /// The batch that is routed next came at this moment of the clock.
    mutating func noteArrival(_ moment: Duration) {
        live?.arrive(moment)
    }

    /// The moment of the clock at which something has to be told though no event comes; `nil` when there is none.
    var nextAlarm: Duration? {
        guard let live, state.nextAlarm < .infinity else { return nil }
        return live.moment(of: state.nextAlarm)
    }

    /// Tells what is due though no event has come.
    mutating func tellSilence() {
        guard let live, state.nextAlarm < .infinity else { return }
        defer { handOver() }
        // The way from seconds to a moment and back may end a hair before the alarm.
        tellSilence(upTo: max(state.nextAlarm, live.at(clock.now)))
    }

    /// Tells what was due by a time, each at the time at which it was due: so a recording of the session tells the same.
    ///
    /// - Returns: Whether anything was due.
    @discardableResult
    mutating func tellSilence(upTo time: Double) -> Bool {
        var isTold = false
        while case let alarm = state.nextAlarm, alarm <= time {
            state.passTime(to: alarm, into: &derived)
            dispatchDerived()
            isTold = true
            // What is due has been told, unless the session is over.
            guard state.nextAlarm > alarm else { break }
        }
        return isTold
    }
}
