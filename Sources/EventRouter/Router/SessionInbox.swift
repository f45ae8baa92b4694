import Synchronization

/// What handlers want from their session's loop: unbounded, so that no handler ever waits for it.
final class SessionInbox: Sendable {
    private let wishes = Mutex<[SessionWish]>([])
    private let hasWishes = Atomic<Bool>(false)
    private let signal: SessionSignal

    init(signal: SessionSignal) {
        self.signal = signal
    }

    /// A cheap look, for the loop's check between two events.
    var isEmpty: Bool { !hasWishes.load(ordering: .acquiring) }

    func put(_ wish: SessionWish) {
        wishes.withLock { $0.append(wish) }
        hasWishes.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Makes the loop attend to what is not in the inbox, between two events.
    func callLoop() {
        hasWishes.store(true, ordering: .releasing)
        signal.raise()
    }

    func takeAll() -> [SessionWish] {
        hasWishes.store(false, ordering: .releasing)
        return wishes.withLock { list in
            defer { list = [] }
            return list
        }
    }
}
