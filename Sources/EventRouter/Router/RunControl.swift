import Synchronization

/// Passes a shutdown, or new rules, to a running session.
final class RunControl: Sendable {
    let signal: SessionSignal
    let inbox: CommandQueue
    /// Whether the session continues during a shutdown until its source ends it.
    let outlastsShutdown: Bool
    /// Notifies tasks when the session accepts no more messages.
    let notice = EndNotice()
    private let stopping = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)
    private let pendingWords = Atomic<Bool>(false)

    /// New rules that replace the current ones between two events.
    struct Replacement {
        let rules: ActiveRules
        /// Finished when the new rules are in use, or the session is over.
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

    /// Whether the session must read no further events.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }
    /// Whether the shutdown's deadline has passed, so that calls and handlers are cancelled.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    /// Whether words of the user may still arrive, according to the routed messages; true while messages are being
    /// routed.
    var hasPendingWords: Bool { pendingWords.load(ordering: .acquiring) }

    /// Sets whether words of the user may still arrive.
    func note(hasPendingWords isPending: Bool) { pendingWords.store(isPending, ordering: .releasing) }

    func stop() {
        stopping.store(true, ordering: .releasing)
        signal.raise()
    }

    func expire() {
        expired.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Replaces the session's rules between two events.
    ///
    /// - Returns: Finished when the new rules are in use, or the session is over.
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

    /// Records that the session is over.
    func end() {
        takeReplacement()?.swap.finish()
        let waiting = ending.withLock { end in
            end.isOver = true
            defer { end.waiting = [] }
            return end.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the session is over.
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
