/// The deliveries that wait for one handler: an ordered queue for each session with waiting deliveries.
///
/// A value without locks or tasks, owned by ``HandlerRuntime``. Queues take turns. A queue whose deliveries a worker is
/// handling gets no turn.
struct HandlerQueues {
    /// The scope within which deliveries keep their order: the run, if the handler takes one session at a time, which
    /// also orders consecutive sessions of a source; otherwise the session.
    enum Order {
        case ofRuns
        case ofSessions
    }

    /// Deliveries that a worker has taken.
    struct Claim {
        /// The indices of the queues that the deliveries come from.
        var queues: [Int] = []
        /// The deliveries that the worker has not begun to handle.
        var deliveries = DeliveryBacklog()
        var inFlight = InFlight()

        fileprivate mutating func add(_ taken: inout DeliveryBacklog, of run: RunDeliveries, from queue: Int) {
            queues.append(queue)
            inFlight.runs.append((run, taken.count))
            inFlight.events += taken.events
            deliveries.append(contentsOf: &taken)
        }
    }

    /// The runs and events of a claim, kept until the claim is settled. Other threads read them while the worker
    /// consumes the deliveries.
    struct InFlight {
        /// The runs, with their number of deliveries.
        var runs: [(run: RunDeliveries, count: Int)] = []
        var events: [(session: ObjectIdentifier, number: Int)] = []

        var isEmpty: Bool { runs.isEmpty }

        func contains(_ run: RunDeliveries) -> Bool { runs.contains { $0.run === run } }
    }

    private struct Queue {
        let key: ObjectIdentifier
        /// The run of all its deliveries.
        let run: RunDeliveries
        var waiting = DeliveryBacklog()
        /// Whether a worker is handling deliveries of this queue.
        var isInFlight = false
        /// Whether the queue is waiting for a turn.
        var isReady = false
    }

    private let policy: QueuePolicy
    private let order: Order
    private var queues: [Queue?] = []
    /// The unused indices in ``queues``.
    private var free: [Int] = []
    private var indices: [ObjectIdentifier: Int] = [:]
    /// The indices of queues in the order of their turns. A queue that is no longer ready is skipped.
    private var turns = Backlog<Int>()
    /// The number of queues that are waiting for a turn.
    private(set) var readyCount = 0
    private(set) var waiting = 0
    private(set) var bytes = 0
    /// The index at which the next search for a large backlog begins, and the largest backlog of the last search.
    private var search = (next: 0, largest: 0)

    init(_ policy: QueuePolicy, order: Order) {
        self.policy = policy
        self.order = order
    }

    private func key(_ item: QueuedDelivery) -> ObjectIdentifier {
        switch order {
        case .ofRuns: ObjectIdentifier(item.run)
        case .ofSessions: ObjectIdentifier(item.delivery.session)
        }
    }

    /// Whether a delivery fits without dropping another.
    func hasRoom(for item: QueuedDelivery) -> Bool {
        guard !isFull(adding: item.size) else { return false }
        guard let queue = indices[key(item)].flatMap({ queues[$0] }) else { return true }
        return !isFull(queue, adding: item.size)
    }

    /// Adds deliveries of a run to their queue, if all belong to one queue and all fit.
    ///
    /// - Parameters:
    ///   - deliveries: The deliveries; empty afterwards if they were added.
    ///   - isForced: Whether to add them even if they do not fit.
    /// - Returns: Whether they were added.
    mutating func offer(all deliveries: inout DeliveryBacklog, isForced: Bool) -> Bool {
        guard let first = deliveries.first, order == .ofRuns || deliveries.areOfOneSession,
            isForced || fits(deliveries, with: (waiting, bytes), in: (policy.sharedCapacity, policy.sharedBytes))
        else { return false }
        let index = index(of: first)
        defer { release(index) }
        let own = (queues[index]!.waiting.count, queues[index]!.waiting.bytes)
        guard isForced || fits(deliveries, with: own, in: (policy.capacity, policy.bytes)) else { return false }
        waiting += deliveries.count
        bytes += deliveries.bytes
        queues[index]!.waiting.append(contentsOf: &deliveries)
        makeReady(index)
        return true
    }

    private func fits(
        _ deliveries: borrowing DeliveryBacklog, with others: (count: Int, bytes: Int),
        in bound: (count: Int, bytes: Int)
    ) -> Bool {
        others.count + deliveries.count <= bound.count && others.bytes + deliveries.bytes <= bound.bytes
    }

    /// Adds a delivery to its session's queue.
    ///
    /// - Parameters:
    ///   - isForced: Whether to add it even if it does not fit.
    ///   - dropped: Collects the deliveries that are dropped for it, or the delivery itself.
    /// - Returns: False if the session must wait for room.
    mutating func offer(_ item: QueuedDelivery, isForced: Bool, dropped: inout [QueuedDelivery]) -> Bool {
        let index = index(of: item)
        defer { release(index) }
        if isForced {
            append(item, to: index)
            return true
        }
        while isFull(queues[index]!, adding: item.size) {
            switch item.run.onFull {
            case .block: return false
            case .dropNewest:
                dropped.append(item)
                return true
            case .dropOldest: drop(from: index, &dropped)
            }
        }
        if item.run.onFull == .block {
            if isFull(adding: item.size), hasFairShare(queues[index]!) { return false }
        } else {
            while isFull(adding: item.size), let victim = largest(or: index) {
                if victim == index, item.run.onFull == .dropNewest || queues[index]!.waiting.isEmpty {
                    dropped.append(item)
                    return true
                }
                drop(from: victim, &dropped)
                if victim != index { release(victim) }
            }
        }
        append(item, to: index)
        return true
    }

    /// Removes and returns the deliveries whose turn it is. They are in flight until ``finish(_:rest:)``.
    ///
    /// - Parameters:
    ///   - limit: The largest number of deliveries.
    ///   - isBatch: Whether they may belong to several sessions. Otherwise a session gets one delivery per turn while
    ///     others wait.
    mutating func take(_ limit: Int, isBatch: Bool) -> Claim {
        var claim = Claim()
        repeat {
            guard let index = nextTurn() else { break }
            let rest = limit - claim.deliveries.count
            let share = isBatch ? max(1, rest / (readyCount + 1)) : readyCount == 0 ? rest : 1
            bytes -= queues[index]!.waiting.bytes
            var taken = queues[index]!.waiting.take(share)
            bytes += queues[index]!.waiting.bytes
            queues[index]!.isInFlight = true
            waiting -= taken.count
            claim.add(&taken, of: queues[index]!.run, from: index)
        } while isBatch && claim.deliveries.count < limit
        return claim
    }

    /// Settles a claim, except for deliveries that return to the front of their queues.
    mutating func finish(_ claim: Claim, rest: ArraySlice<QueuedDelivery>) {
        var rest = rest
        while let first = rest.first {
            // Deliveries of one queue are contiguous.
            let own = rest.prefix { key($0) == key(first) }
            let index = indices[key(first)]!
            bytes -= queues[index]!.waiting.bytes
            queues[index]!.waiting.putBack(own)
            bytes += queues[index]!.waiting.bytes
            waiting += own.count
            rest = rest.dropFirst(own.count)
        }
        for index in claim.queues {
            queues[index]!.isInFlight = false
            makeReady(index)
            release(index)
        }
    }

    /// Removes the waiting deliveries of a run.
    mutating func remove(_ run: RunDeliveries) -> [QueuedDelivery] {
        var removed: [QueuedDelivery] = []
        for index in queues.indices where queues[index]?.run === run {
            bytes -= queues[index]!.waiting.bytes
            let taken = queues[index]!.waiting.takeAll()
            waiting -= taken.count
            removed += taken
            release(index)
        }
        return removed
    }

    /// The sessions and numbers of the waiting events.
    var events: [(session: ObjectIdentifier, number: Int)] { queues.flatMap { $0?.waiting.events ?? [] } }

    /// Whether a queue is full, or holds deliveries of a run whose deadline has passed.
    var needsDelivery: Bool {
        queues.contains { queue in
            guard let queue, !queue.waiting.isEmpty else { return false }
            return queue.waiting.count >= policy.capacity || queue.run.isExpired
        }
    }
}

// MARK: - Queues and their turns

extension HandlerQueues {
    /// The index of a delivery's queue; makes the queue if there is none.
    private mutating func index(of item: QueuedDelivery) -> Int {
        let key = key(item)
        if let index = indices[key] { return index }
        let index = free.popLast() ?? queues.count
        if index == queues.count { queues.append(nil) }
        queues[index] = Queue(key: key, run: item.run)
        indices[key] = index
        return index
    }

    /// Removes a queue if it is empty and no worker is handling its deliveries.
    private mutating func release(_ index: Int) {
        guard let queue = queues[index], queue.waiting.isEmpty, !queue.isInFlight else { return }
        if queue.isReady { readyCount -= 1 }
        indices[queue.key] = nil
        queues[index] = nil
        free.append(index)
    }

    private mutating func append(_ item: QueuedDelivery, to index: Int) {
        queues[index]!.waiting.append(item)
        waiting += 1
        bytes += item.size
        makeReady(index)
    }

    private mutating func makeReady(_ index: Int) {
        guard !queues[index]!.isReady, !queues[index]!.isInFlight, !queues[index]!.waiting.isEmpty else { return }
        if turns.count > 2 * readyCount + 64 { compactTurns() }
        queues[index]!.isReady = true
        readyCount += 1
        turns.append(index)
    }

    /// Removes indices of queues that are no longer ready. If a handler is stuck, ``nextTurn()`` does not skip them.
    private mutating func compactTurns() {
        var left = Backlog<Int>()
        var kept: Set<Int> = []
        while let index = turns.takeFirst() {
            if queues[index]?.isReady == true, kept.insert(index).inserted { left.append(index) }
        }
        turns = left
    }

    private mutating func nextTurn() -> Int? {
        while let index = turns.takeFirst() {
            guard queues[index]?.isReady == true else { continue }
            queues[index]!.isReady = false
            readyCount -= 1
            return index
        }
        return nil
    }
}

// MARK: - Bounds

extension HandlerQueues {
    private func isFull(_ queue: Queue, adding size: Int) -> Bool {
        queue.waiting.count >= policy.capacity
            || (!queue.waiting.isEmpty && queue.waiting.bytes + size > policy.bytes)
    }

    private func isFull(adding size: Int) -> Bool {
        waiting >= policy.sharedCapacity || (waiting > 0 && bytes + size > policy.sharedBytes)
    }

    /// Whether a session holds its share of the shared bounds.
    private func hasFairShare(_ queue: Queue) -> Bool {
        let sessions = max(indices.count, 1)
        return queue.waiting.count >= max(policy.sharedCapacity / sessions, 1)
            || (!queue.waiting.isEmpty && queue.waiting.bytes >= policy.sharedBytes / sessions)
    }

    /// The size of a queue's backlog, measured by the shared bound that is reached.
    private func weight(_ queue: Queue) -> Int {
        waiting >= policy.sharedCapacity ? queue.waiting.count : queue.waiting.bytes
    }

    /// The index of the largest backlog that may drop a delivery. The given queue wins ties, and is returned if no
    /// other queue may drop a delivery; nil if the given queue has no delivery to drop either.
    ///
    /// It checks 64 queues at a time and remembers the largest, so that the cost does not depend on the number of
    /// sessions.
    private mutating func largest(or own: Int) -> Int? {
        var best = own
        func consider(_ index: Int) {
            guard index < queues.count, let queue = queues[index], !queue.waiting.isEmpty, queue.run.onFull != .block,
                weight(queue) > weight(queues[best]!)
            else { return }
            best = index
        }
        consider(search.largest)
        for _ in 0..<min(queues.count, 64) {
            search.next = search.next + 1 < queues.count ? search.next + 1 : 0
            consider(search.next)
        }
        search.largest = best
        guard best == own, queues[own]!.waiting.isEmpty else { return best }
        // All other waiting deliveries belong to sessions with `block`, which lose no deliveries. This session has less
        // than its share and may add one.
        return nil
    }

    private mutating func drop(from index: Int, _ dropped: inout [QueuedDelivery]) {
        let isNewest = queues[index]!.run.onFull == .dropNewest
        let item = isNewest ? queues[index]!.waiting.takeLast() : queues[index]!.waiting.takeFirst()
        guard let item else { return }
        waiting -= 1
        bytes -= item.size
        dropped.append(item)
    }
}
