import Synchronization

/// Wakes sessions at clock times. One task sleeps for all of them, until the earliest time.
///
/// A session has one alarm. Setting a later alarm does not change it: a session that is woken too early sets its alarm
/// again.
final class WakeTimers: Sendable {
    private struct Alarm {
        let moment: Int64
        let session: any Wakeable
    }

    private struct State {
        /// A binary heap, with the earliest alarm first. Alarms that their sessions no longer have are skipped.
        var alarms: [Alarm] = []
        var sleep: (until: Int64, task: Task<Void, any Error>)?
    }

    /// The largest delay of a wake-up, in nanoseconds. Jitter in arrival times within it does not begin new sleeps.
    private static let leeway: Int64 = 1_000_000

    let environment: RouterEnvironment
    private var clock: any RouterClock { environment.clock }
    private let state = Mutex(State())

    init(_ environment: RouterEnvironment) {
        self.environment = environment
    }

    /// Raises a session's signal at this time or earlier.
    func wake(_ session: some Wakeable, at moment: Duration) {
        let moment = moment.nanoseconds
        state.withLock { state in
            let earlier = session.alarm
            guard earlier == .max || moment < earlier - Self.leeway else { return }
            session.alarm = moment
            state.alarms.append(Alarm(moment: moment, session: session))
            Self.siftUp(&state.alarms)
            sleep(&state)
        }
    }

    /// Removes a session's alarm.
    func forget(_ session: some Wakeable) {
        state.withLock { state in
            session.alarm = .max
            sleep(&state)
        }
    }

    /// Makes the task sleep until the earliest alarm.
    private func sleep(_ state: inout State) {
        while let first = state.alarms.first, first.session.alarm != first.moment {
            Self.removeFirst(&state.alarms)
        }
        guard let first = state.alarms.first else {
            state.sleep?.task.cancel()
            return state.sleep = nil
        }
        if let sleep = state.sleep, sleep.until <= first.moment { return }
        state.sleep?.task.cancel()
        let until = first.moment
        let task = environment.throwingTask { [clock] in
            try await clock.sleep(for: .nanoseconds(until) - clock.now)
            self.ring(until)
        }
        state.sleep = (until, task)
    }

    private func ring(_ until: Int64) {
        let now = max(clock.now.nanoseconds, until)
        let due = state.withLock { state -> [any Wakeable] in
            guard state.sleep?.until == until else { return [] }
            state.sleep = nil
            var due: [any Wakeable] = []
            while let first = state.alarms.first, first.moment <= now {
                Self.removeFirst(&state.alarms)
                guard first.session.alarm == first.moment else { continue }
                first.session.alarm = .max
                due.append(first.session)
            }
            sleep(&state)
            return due
        }
        for session in due { session.raise() }
    }

    private static func siftUp(_ heap: inout [Alarm]) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].moment < heap[parent].moment else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private static func removeFirst(_ heap: inout [Alarm]) {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].moment < heap[least].moment { least = child }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

/// An object that timers can wake.
protocol Wakeable: AnyObject, Sendable {
    /// The time at which the timers wake it, in nanoseconds. Accessed by the timers under their lock.
    var alarm: Int64 { get set }

    func raise()
}

extension Duration {
    /// The duration in nanoseconds, rounded up and clamped.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isLarger) = whole.addingReportingOverflow((attoseconds + 999_999_999) / 1_000_000_000)
        return isLarge || isLarger ? .max - 1 : sum
    }
}
