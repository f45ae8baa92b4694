import Synchronization

/// Runs one session's turns: in a task while the session has work to do, without a task while it has none.
///
/// A signal that is raised during a turn is remembered, so that no wake-up is lost between a check and the end of the
/// turn.
final class SessionSignal: Wakeable {
    /// The session's state after a turn.
    enum Next {
        /// It has more work; other sessions get their turns first.
        case again
        /// It rests until the signal is raised, or until a clock time.
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
    /// A closure that is read from generic storage such as a mutex is wrapped again at each read. Wrapping it in a
    /// struct avoids that; otherwise each turn would cost more than the one before, until the stack overflows.
    private struct Turn: Sendable {
        let take: @Sendable () -> Next
    }

    private let turn = Mutex<Turn?>(nil)
    private let timers: WakeTimers
    private let alarmMoment = Atomic<Int64>(.max)

    init(_ timers: WakeTimers) {
        self.timers = timers
    }

    /// Begins the first turn.
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

    /// Wakes the session, because it has work to do.
    func raise() {
        if let turn = claimTurn() { start(turn) }
    }

    /// Wakes sessions, because they have work to do. Resting sessions take their next turns in one task: a task for each
    /// would cost more than its turn.
    static func raise(_ signals: [SessionSignal]) {
        var claimed: [(SessionSignal, Turn)] = []
        for signal in signals {
            guard let turn = signal.claimTurn() else { continue }
            claimed.append((signal, turn))
            if claimed.count == turnsPerTask { takeTurns(&claimed) }
        }
        takeTurns(&claimed)
    }

    /// The most sessions that take their turns in one task, so that a session with much work delays few others.
    private static let turnsPerTask = 8

    private static func takeTurns(_ claimed: inout [(SessionSignal, Turn)]) {
        let turns = claimed
        claimed.removeAll(keepingCapacity: true)
        turns.first?.0.timers.environment.task {
            for (signal, turn) in turns where signal.takeTurn(turn) { signal.start(turn) }
        }
    }

    /// Marks the signal as raised.
    ///
    /// - Returns: The turn that the caller has to start; nil if the session is not resting.
    private func claimTurn() -> Turn? {
        var seen = phase.load(ordering: .acquiring)
        // Exchange even if the signal is raised already, so that the turn that clears it sees all memory writes before
        // this call.
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
        // Other sessions get their turns in between, even if the signal is raised repeatedly.
        while takeTurn(turn) { await Task.yield() }
    }

    /// Takes one turn.
    ///
    /// - Returns: Whether the session has another turn to take.
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
