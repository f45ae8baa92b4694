import Synchronization

/// How a shutdown reaches a running session.
final class RunControl: Sendable {
    let signal = SessionSignal()
    private let stopping = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)

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
}
