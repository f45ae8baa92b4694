package import EventRouter
import Synchronization

// Rules are replaced while calls run: the new handler knows what the old one has begun, so that no call runs twice.
extension FunctionCallHandler {
    /// Starts in the place of a handler that runs. If that one has the same journal open, both use it, and what the other one has begun is
    /// written to it. A call that means the same as one that the other handler runs is a duplicate, answers are kept on, and the calls that the
    /// other one took count for the caps.
    ///
    /// - Throws: as ``start()``.
    package func start(succeeding predecessor: any EventHandler) async throws {
        guard let other = predecessor as? FunctionCallHandler else { return try await start() }
        if other.journal.isSame(as: ownJournal) {
            let shared = other.journal
            shared.join(self, journalUse)
            currentJournal.withLock { $0 = shared }
            try await begin()
        } else {
            try await start()
        }
        currentSeen.withLock { $0 = other.seen }
        succession.withLock { $0.predecessor = other }
        other.succession.withLock { $0.successor = self }
    }

    /// Whether a call with the key runs in the handler before this one.
    func runsInPredecessor(_ key: CallKey?) -> Bool {
        guard let key, let predecessor = succession.withLock({ $0.predecessor }) else { return false }
        return predecessor.state.withLock { $0.repeated.isInFlight(key) } || predecessor.runsInPredecessor(key)
    }

    /// The answer of an earlier call with the key, of this handler or of those before.
    func keptAnswer(_ key: CallKey, _ state: State) -> String? {
        if let answer = state.repeated.answer(key, at: clock.now) { return answer }
        guard let predecessor = succession.withLock({ $0.predecessor }) else { return nil }
        return predecessor.state.withLock { predecessor.keptAnswer(key, $0) }
    }

    /// Leaves what it knows to the handler after it; it runs no call any more.
    func endSuccession() {
        let (predecessor, successor) = succession.withLock { succession in
            defer { succession = Succession() }
            return (succession.predecessor, succession.successor)
        }
        predecessor?.succession.withLock { if $0.successor === self { $0.successor = nil } }
        guard let successor else { return }
        let repeated = state.withLock { $0.repeated }
        successor.state.withLock { $0.repeated.inherit(repeated, at: clock.now) }
        successor.succession.withLock { $0.predecessor = predecessor }
        predecessor?.succession.withLock { $0.successor = successor }
    }
}
