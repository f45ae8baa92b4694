import Synchronization

/// What handlers want from their session: no handler ever waits for it.
///
/// Outcomes of calls are always taken; there are no more of them than calls. Of client events only so many may wait.
final class SessionInbox: Sendable {
    private static let capacity = 4096

    private let wishes = Mutex<[SessionWish]>([])
    private let refused = Atomic<Int>(0)
    private let hasWishes = Atomic<Bool>(false)
    private let signal: SessionSignal

    init(signal: SessionSignal) {
        self.signal = signal
    }

    /// A cheap look, for the loop's check between two events.
    var isEmpty: Bool { !hasWishes.load(ordering: .acquiring) }

    /// How many client events found no room.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    func put(_ wish: SessionWish) {
        let isTaken = wishes.withLock { wishes in
            if case .send = wish, wishes.count >= Self.capacity { return false }
            wishes.append(wish)
            return true
        }
        guard isTaken else {
            refused.add(1, ordering: .relaxed)
            return
        }
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
