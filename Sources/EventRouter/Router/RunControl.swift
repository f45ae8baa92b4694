import Synchronization

/// How a shutdown reaches a running session.
final class RunControl: Sendable {
    let signal = SessionSignal()
    private let stopping = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)

    private struct End {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let ending = Mutex(End())

    /// No further events are read; what was read is brought to its end.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }
    /// The deadline has passed: calls and handlers are cancelled.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    func stop() {
        stopping.store(true, ordering: .releasing)
        signal.raise()
    }

    func expire() {
        expired.store(true, ordering: .releasing)
        signal.raise()
    }

    /// The run is over.
    func end() {
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
