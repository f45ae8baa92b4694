import Synchronization

/// Gives one session its turns: in a task while the session has something to do, and in none while it has not.
///
/// Raising during a turn is remembered, so that no wake-up is lost between a check and the end of the turn.
final class SessionSignal: Wakeable {
    /// What a session does after a turn.
    enum Next {
        /// It has more to do; others may have their turns before.
        case again
        /// It waits until somebody raises the signal, or until a moment of the clock.
        case rest(until: Duration?)
        /// It is over.
        case over
    }

    private enum Phase {
        static let idle: UInt8 = 0
        static let running: UInt8 = 1
        /// Raised while running.
        static let raised: UInt8 = 2
        static let over: UInt8 = 3
    }

    private let phase = Atomic<UInt8>(Phase.raised)
    /// A closure that is read from a generic place, as a mutex is, is wrapped anew each time; one in a struct is not. Bare, each turn would
    /// cost more than the one before, and in the end the stack.
    private struct Turn: Sendable {
        let take: @Sendable () -> Next
    }

    private let turn = Mutex<Turn?>(nil)
    private let timers: WakeTimers
    private let alarmMoment = Atomic<Int64>(.max)

    init(_ timers: WakeTimers) {
        self.timers = timers
    }

    /// Begins to give turns.
    func begin(_ turn: @escaping @Sendable () -> Next) {
        let turn = Turn(take: turn)
        self.turn.withLock { $0 = turn }
        phase.store(Phase.running, ordering: .releasing)
        start(turn)
    }

    var alarm: Int64 {
        get { alarmMoment.load(ordering: .relaxed) }
        set { alarmMoment.store(newValue, ordering: .relaxed) }
    }

    /// The session has something to do.
    func raise() {
        if let turn = claimTurn() { start(turn) }
    }

    /// Many sessions have something to do. Those that rest take their next turns in one task, because a task for each would cost more than
    /// its turn.
    static func raise(_ signals: [SessionSignal]) {
        let claimed = signals.compactMap { signal in signal.claimTurn().map { (signal, $0) } }
        claimed.first?.0.timers.environment.task {
            for (signal, turn) in claimed where signal.takeTurn(turn) { signal.start(turn) }
        }
    }

    /// Marks the signal as raised.
    ///
    /// - Returns: the turn that the caller has to start; nil if the session is not resting.
    private func claimTurn() -> Turn? {
        var seen = phase.load(ordering: .acquiring)
        // Also where the signal is raised already: the turn that clears it then sees what was done before this.
        while seen != Phase.over {
            let next = seen == Phase.idle ? Phase.running : Phase.raised
            let (isChanged, now) = phase.weakCompareExchange(
                expected: seen, desired: next, ordering: .acquiringAndReleasing)
            guard isChanged else {
                seen = now
                continue
            }
            return seen == Phase.idle ? turn.withLock { $0 } : nil
        }
        return nil
    }

    private func start(_ turn: Turn) {
        timers.environment.task { await self.takeTurns(turn) }
    }

    private func takeTurns(_ turn: Turn) async {
        // Others have their turns in between, also where the signal is raised again and again.
        while takeTurn(turn) { await Task.yield() }
    }

    /// Takes one turn.
    ///
    /// - Returns: whether the session has another turn to take.
    private func takeTurn(_ turn: Turn) -> Bool {
        switch turn.take() {
        case .again: return true
        case .rest(let moment):
            if let moment { timers.wake(self, at: moment) }
            let (isIdle, _) = phase.compareExchange(
                expected: Phase.running, desired: Phase.idle, ordering: .acquiringAndReleasing)
            if isIdle { return false }
            _ = phase.exchange(Phase.running, ordering: .acquiringAndReleasing)
            return true
        case .over:
            phase.store(Phase.over, ordering: .releasing)
            timers.forget(self)
            self.turn.withLock { $0 = nil }
            return false
        }
    }
}
