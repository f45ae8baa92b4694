package import EventRouter
import Synchronization

// Replacement of rules while calls run: the new handler takes over the old handler's state, so that no call runs twice.
extension FunctionCallHandler {
    /// Starts as the successor of a running handler. If both have the same journal file, they share it, and the
    /// predecessor's running calls are written to it. A call that is equivalent to one of the predecessor's running
    /// calls is a duplicate. Cached answers are kept, and the predecessor's calls count for the caps.
    ///
    /// - Throws: the same errors as ``start()``.
    package func start(succeeding predecessor: any EventHandler) async throws {
        guard let other = predecessor as? FunctionCallHandler else { return try await start() }
        if other.journal.usesSameFile(as: ownJournal) {
            let shared = other.journal
            shared.attach(self, journalSettings)
            currentJournal.withLock { $0 = shared }
            try await openJournalAndStartExecutors()
        } else {
            try await start()
        }
        currentSeen.withLock { $0 = other.seen }
        succession.withLock { $0.predecessor = other }
        other.succession.withLock { $0.successor = self }
    }

    /// Whether a predecessor runs a call with the key.
    func runsInPredecessor(_ key: CallKey?) -> Bool {
        guard let key, let predecessor = succession.withLock({ $0.predecessor }) else { return false }
        return predecessor.state.withLock { $0.coalesced.isInFlight(key) } || predecessor.runsInPredecessor(key)
    }

    /// The cached answer for the key, from this handler or a predecessor; nil if there is none.
    func cachedAnswer(_ key: CallKey, _ state: State) -> String? {
        if let answer = state.coalesced.cachedAnswer(key, at: clock.now) { return answer }
        guard let predecessor = succession.withLock({ $0.predecessor }) else { return nil }
        return predecessor.state.withLock { predecessor.cachedAnswer(key, $0) }
    }

    /// Passes this handler's state to its successor. This handler runs no calls any more.
    func endSuccession() {
        let (predecessor, successor) = succession.withLock { succession in
            defer { succession = Succession() }
            return (succession.predecessor, succession.successor)
        }
        predecessor?.succession.withLock { if $0.successor === self { $0.successor = nil } }
        guard let successor else { return }
        let coalesced = state.withLock { $0.coalesced }
        successor.state.withLock { $0.coalesced.inherit(coalesced, at: clock.now) }
        successor.succession.withLock { $0.predecessor = predecessor }
        predecessor?.succession.withLock { $0.successor = successor }
    }
}
