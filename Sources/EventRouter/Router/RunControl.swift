import Synchronization

/// How a shutdown and other rules reach a running session.
final class RunControl: Sendable {
    let signal: SessionSignal
    let inbox: CommandQueue
    /// Whether a shutdown lets the session go on until its source ends it.
    let outlastsShutdown: Bool
    /// Given when the session takes nothing more.
    let notice = EndNotice()
    private let stopping = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)
    private let pendingWords = Atomic<Bool>(false)

    /// Rules that are to take the place of those in force, between two events.
    struct Replacement {
        let rules: ActiveRules
        /// Told when they are in force, or the run is over.
        let swap = Completion()
    }
    private let replacement = Mutex<Replacement?>(nil)

    init(_ timers: WakeTimers, outlastsShutdown: Bool = false) {
        self.outlastsShutdown = outlastsShutdown
        signal = SessionSignal(timers)
        inbox = CommandQueue(signal: signal)
    }

    private struct End {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let ending = Mutex(End())

    /// No further events are read; what was read is brought to its end.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }
    /// The deadline has passed: calls and handlers are cancelled.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    /// Whether words of the user's may still come, as far as messages are routed; true while some are being routed.
    var hasPendingWords: Bool { pendingWords.load(ordering: .acquiring) }

    /// Takes in whether words may still come.
    func note(hasPendingWords isPending: Bool) { pendingWords.store(isPending, ordering: .releasing) }

    func stop() {
        stopping.store(true, ordering: .releasing)
        signal.raise()
    }

    func expire() {
        expired.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Replaces the rules of the run between two events.
    ///
    /// - Returns: Told when they are in force, or the run is over.
    func replaceRules(by rules: ActiveRules) -> Completion {
        let new = Replacement(rules: rules)
        let earlier = replacement.withLock { replacement in
            defer { replacement = new }
            return replacement
        }
        earlier?.swap.finish()
        inbox.wakeLoop()
        return new.swap
    }

    func takeReplacement() -> Replacement? {
        replacement.withLock { replacement in
            defer { replacement = nil }
            return replacement
        }
    }

    /// The run is over.
    func end() {
        takeReplacement()?.swap.finish()
        let waiting = ending.withLock { end in
            end.isOver = true
            defer { end.waiting = [] }
            return end.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the run is over.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = ending.withLock { end in
                if !end.isOver { end.waiting.append(continuation) }
                return end.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}
