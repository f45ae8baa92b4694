/// The deliveries that wait for one handler: an ordered queue for each session that has something to deliver.
///
/// A value without locks or tasks; ``HandlerRuntime`` keeps it. Sessions take turns, and none of which a worker handles deliveries.
struct HandlerQueues {
    /// What orders deliveries: the run where a handler takes one session at a time, which keeps the order over the sessions that follow
    /// one another on a source; otherwise the session.
    enum Order {
        case ofRuns
        case ofSessions
    }

    /// Deliveries that a worker has taken.
    struct Claim {
        /// The queues that they come from.
        var queues: [Int] = []
        /// What the worker has not begun to handle.
        var deliveries = DeliveryBacklog()
        var inFlight = InFlight()

        fileprivate mutating func add(_ taken: inout DeliveryBacklog, of run: RunDeliveries, from queue: Int) {
            queues.append(queue)
            inFlight.runs.append((run, taken.count))
            inFlight.events += taken.events
            deliveries.append(contentsOf: &taken)
        }
    }

    /// What a claim is about until it is settled. Others look at it while the worker takes the deliveries apart.
    struct InFlight {
        /// The runs, and how many deliveries there are of each.
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
        /// Whether a worker handles deliveries of it.
        var isInFlight = false
        /// Whether it is among those that have a turn.
        var isReady = false
    }

    private let policy: QueuePolicy
    private let order: Order
    private var queues: [Queue?] = []
    /// Places in `queues` that no queue has.
    private var free: [Int] = []
    private var places: [ObjectIdentifier: Int] = [:]
    /// The places of queues in the order of their turns. One that lost its turn is passed over.
    private var turns = Backlog<Int>()
    /// How many queues have a turn.
    private(set) var readyCount = 0
    private(set) var waiting = 0
    private(set) var bytes = 0
    /// Where the next search for a large backlog begins, and the largest one of the last search.
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

    /// Whether a delivery fits without a loss.
    func hasRoom(for item: QueuedDelivery) -> Bool {
        guard !isFull(adding: item.size) else { return false }
        guard let queue = places[key(item)].flatMap({ queues[$0] }) else { return true }
        return !isFull(queue, adding: item.size)
    }

    /// Puts deliveries of a run into their queue, if they are of one and it has room for all of them.
    ///
    /// - Parameters:
    ///   - deliveries: what is left of them: all or nothing.
    ///   - isForced: whether they go there even if there is no room.
    /// - Returns: Whether they are there.
    mutating func offer(all deliveries: inout DeliveryBacklog, isForced: Bool) -> Bool {
        guard let first = deliveries.first, order == .ofRuns || deliveries.areOfOneSession,
            isForced || fits(deliveries, with: (waiting, bytes), in: (policy.sharedCapacity, policy.sharedBytes))
        else { return false }
        let place = place(of: first)
        defer { release(place) }
        let own = (queues[place]!.waiting.count, queues[place]!.waiting.bytes)
        guard isForced || fits(deliveries, with: own, in: (policy.capacity, policy.bytes)) else { return false }
        waiting += deliveries.count
        bytes += deliveries.bytes
        queues[place]!.waiting.append(contentsOf: &deliveries)
        makeReady(place)
        return true
    }

    private func fits(
        _ deliveries: borrowing DeliveryBacklog, with others: (count: Int, bytes: Int),
        in bound: (count: Int, bytes: Int)
    ) -> Bool {
        others.count + deliveries.count <= bound.count && others.bytes + deliveries.bytes <= bound.bytes
    }

    /// Puts a delivery into its session's queue.
    ///
    /// - Parameters:
    ///   - isForced: whether it goes there even if there is no room.
    ///   - dropped: gets what has to go for it, or the delivery itself.
    /// - Returns: `false` if the session has to wait for room.
    mutating func offer(_ item: QueuedDelivery, isForced: Bool, dropped: inout [QueuedDelivery]) -> Bool {
        let place = place(of: item)
        defer { release(place) }
        if isForced {
            append(item, to: place)
            return true
        }
        while isFull(queues[place]!, adding: item.size) {
            switch item.run.onFull {
            case .block: return false
            case .dropNewest:
                dropped.append(item)
                return true
            case .dropOldest: drop(from: place, &dropped)
            }
        }
        if item.run.onFull == .block {
            if isFull(adding: item.size), hasFairShare(queues[place]!) { return false }
        } else {
            while isFull(adding: item.size), let victim = largest(or: place) {
                if victim == place, item.run.onFull == .dropNewest || queues[place]!.waiting.isEmpty {
                    dropped.append(item)
                    return true
                }
                drop(from: victim, &dropped)
                if victim != place { release(victim) }
            }
        }
        append(item, to: place)
        return true
    }

    /// Takes the deliveries whose turn it is, which then are in hand until ``finish(_:rest:)``.
    ///
    /// - Parameters:
    ///   - limit: the most deliveries.
    ///   - isBatch: whether they may be of several sessions. Otherwise a session gets one delivery if others wait for their turn.
    mutating func take(_ limit: Int, isBatch: Bool) -> Claim {
        var claim = Claim()
        repeat {
            guard let place = nextTurn() else { break }
            let rest = limit - claim.deliveries.count
            let share = isBatch ? max(1, rest / (readyCount + 1)) : readyCount == 0 ? rest : 1
            bytes -= queues[place]!.waiting.bytes
            var taken = queues[place]!.waiting.take(share)
            bytes += queues[place]!.waiting.bytes
            queues[place]!.isInFlight = true
            waiting -= taken.count
            claim.add(&taken, of: queues[place]!.run, from: place)
        } while isBatch && claim.deliveries.count < limit
        return claim
    }

    /// Notes that a claim is settled, but for deliveries that go back to the front of their queues.
    mutating func finish(_ claim: Claim, rest: ArraySlice<QueuedDelivery>) {
        var rest = rest
        while let first = rest.first {
            // What is of one queue lies together.
            let own = rest.prefix { key($0) == key(first) }
            let place = places[key(first)]!
            bytes -= queues[place]!.waiting.bytes
            queues[place]!.waiting.putBack(own)
            bytes += queues[place]!.waiting.bytes
            waiting += own.count
            rest = rest.dropFirst(own.count)
        }
        for place in claim.queues {
            queues[place]!.isInFlight = false
            makeReady(place)
            release(place)
        }
    }

    /// Removes what waits of a run.
    mutating func remove(_ run: RunDeliveries) -> [QueuedDelivery] {
        var removed: [QueuedDelivery] = []
        for place in queues.indices where queues[place]?.run === run {
            bytes -= queues[place]!.waiting.bytes
            let taken = queues[place]!.waiting.takeAll()
            waiting -= taken.count
            removed += taken
            release(place)
        }
        return removed
    }

    /// The sessions and numbers of the events that wait.
    var events: [(session: ObjectIdentifier, number: Int)] { queues.flatMap { $0?.waiting.events ?? [] } }

    /// Whether a queue is as full as it may be, or holds deliveries of a run that is to end now.
    var needsDelivery: Bool {
        queues.contains { queue in
            guard let queue, !queue.waiting.isEmpty else { return false }
            return queue.waiting.count >= policy.capacity || queue.run.isExpired
        }
    }
}

// MARK: - Queues and their turns

extension HandlerQueues {
    /// The place of a delivery's queue, which is made if there is none.
    private mutating func place(of item: QueuedDelivery) -> Int {
        let key = key(item)
        if let place = places[key] { return place }
        let place = free.popLast() ?? queues.count
        if place == queues.count { queues.append(nil) }
        queues[place] = Queue(key: key, run: item.run)
        places[key] = place
        return place
    }

    /// Removes a queue that holds nothing.
    private mutating func release(_ place: Int) {
        guard let queue = queues[place], queue.waiting.isEmpty, !queue.isInFlight else { return }
        if queue.isReady { readyCount -= 1 }
        places[queue.key] = nil
        queues[place] = nil
        free.append(place)
    }

    private mutating func append(_ item: QueuedDelivery, to place: Int) {
        queues[place]!.waiting.append(item)
        waiting += 1
        bytes += item.size
        makeReady(place)
    }

    private mutating func makeReady(_ place: Int) {
        guard !queues[place]!.isReady, !queues[place]!.isInFlight, !queues[place]!.waiting.isEmpty else { return }
        if turns.count > 2 * readyCount + 64 { compactTurns() }
        queues[place]!.isReady = true
        readyCount += 1
        turns.append(place)
    }

    /// Removes the places of queues that lost their turn: behind a handler that is stuck nobody passes them over.
    private mutating func compactTurns() {
        var left = Backlog<Int>()
        var kept: Set<Int> = []
        while let place = turns.takeFirst() {
            if queues[place]?.isReady == true, kept.insert(place).inserted { left.append(place) }
        }
        turns = left
    }

    private mutating func nextTurn() -> Int? {
        while let place = turns.takeFirst() {
            guard queues[place]?.isReady == true else { continue }
            queues[place]!.isReady = false
            readyCount -= 1
            return place
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

    /// Whether a session holds as much of the shared bounds as it may while others want some, too.
    private func hasFairShare(_ queue: Queue) -> Bool {
        let sessions = max(places.count, 1)
        return queue.waiting.count >= max(policy.sharedCapacity / sessions, 1)
            || (!queue.waiting.isEmpty && queue.waiting.bytes >= policy.sharedBytes / sessions)
    }

    /// How large a backlog is, by the shared bound that is full.
    private func weight(_ queue: Queue) -> Int {
        waiting >= policy.sharedCapacity ? queue.waiting.count : queue.waiting.bytes
    }

    /// The place of the largest backlog that may lose a delivery; of several, and if others cannot lose any, the given one.
    ///
    /// It looks at a few queues at a time and remembers the largest one, so that a full bound costs the same however many sessions
    /// there are.
    private mutating func largest(or own: Int) -> Int? {
        var best = own
        func consider(_ place: Int) {
            guard place < queues.count, let queue = queues[place], !queue.waiting.isEmpty, queue.run.onFull != .block,
                weight(queue) > weight(queues[best]!)
            else { return }
            best = place
        }
        consider(search.largest)
        for _ in 0..<min(queues.count, 64) {
            search.next = search.next + 1 < queues.count ? search.next + 1 : 0
            consider(search.next)
        }
        search.largest = best
        guard best == own, queues[own]!.waiting.isEmpty else { return best }
        // Only sessions that wait for room hold anything: this one has less than its share.
        return nil
    }

    private mutating func drop(from place: Int, _ dropped: inout [QueuedDelivery]) {
        let isNewest = queues[place]!.run.onFull == .dropNewest
        let item = isNewest ? queues[place]!.waiting.takeLast() : queues[place]!.waiting.takeFirst()
        guard let item else { return }
        waiting -= 1
        bytes -= item.size
        dropped.append(item)
    }
}
