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
        var deliveries: [QueuedDelivery] = []
    }

    private struct Queue {
        let key: ObjectIdentifier
        let run: RunDeliveries
        var waiting = Backlog<QueuedDelivery>()
        var bytes = 0
        /// Whether a worker handles deliveries of it.
        var isInHand = false
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
            if isFull(adding: item.size), hasItsShare(queues[place]!) { return false }
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
            let taken = queues[place]!.waiting.take(share)
            let size = taken.reduce(0) { $0 + $1.size }
            queues[place]!.isInHand = true
            queues[place]!.bytes -= size
            waiting -= taken.count
            bytes -= size
            claim.queues.append(place)
            claim.deliveries += taken
        } while isBatch && claim.deliveries.count < limit
        return claim
    }

    /// Notes that a claim is settled, but for deliveries that go back to the front of their queues.
    mutating func finish(_ claim: Claim, rest: ArraySlice<QueuedDelivery>) {
        var rest = rest
        while let first = rest.first {
            // What is of one queue lies together.
            let own = rest.prefix { key($0) == key(first) }
            let (place, size) = (places[key(first)]!, own.reduce(0) { $0 + $1.size })
            queues[place]!.waiting.putBack(own)
            queues[place]!.bytes += size
            waiting += own.count
            bytes += size
            rest = rest.dropFirst(own.count)
        }
        for place in claim.queues {
            queues[place]!.isInHand = false
            makeReady(place)
            release(place)
        }
    }

    /// Removes what waits of a run.
    mutating func remove(_ run: RunDeliveries) -> [QueuedDelivery] {
        var removed: [QueuedDelivery] = []
        for place in queues.indices where queues[place]?.run === run {
            let taken = queues[place]!.waiting.take(.max)
            waiting -= taken.count
            bytes -= queues[place]!.bytes
            queues[place]!.bytes = 0
            removed += taken
            release(place)
        }
        return removed
    }

    /// The deliveries that wait.
    var all: [QueuedDelivery] { queues.flatMap { $0?.waiting.all ?? [] } }

    /// Whether a queue is as full as it may be, or holds deliveries of a run that is to end now.
    var hasHurry: Bool {
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
        guard let queue = queues[place], queue.waiting.isEmpty, !queue.isInHand else { return }
        if queue.isReady { readyCount -= 1 }
        places[queue.key] = nil
        queues[place] = nil
        free.append(place)
    }

    private mutating func append(_ item: QueuedDelivery, to place: Int) {
        queues[place]!.waiting.append(item)
        queues[place]!.bytes += item.size
        waiting += 1
        bytes += item.size
        makeReady(place)
    }

    private mutating func makeReady(_ place: Int) {
        guard !queues[place]!.isReady, !queues[place]!.isInHand, !queues[place]!.waiting.isEmpty else { return }
        queues[place]!.isReady = true
        readyCount += 1
        turns.append(place)
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
        queue.waiting.count >= policy.capacity || (!queue.waiting.isEmpty && queue.bytes + size > policy.bytes)
    }

    private func isFull(adding size: Int) -> Bool {
        waiting >= policy.sharedCapacity || (waiting > 0 && bytes + size > policy.sharedBytes)
    }

    /// Whether a session holds as much of the shared bounds as it may while others want some, too.
    private func hasItsShare(_ queue: Queue) -> Bool {
        let sessions = max(places.count, 1)
        return queue.waiting.count >= max(policy.sharedCapacity / sessions, 1)
            || (!queue.waiting.isEmpty && queue.bytes >= policy.sharedBytes / sessions)
    }

    /// How large a backlog is, by the shared bound that is full.
    private func weight(_ queue: Queue) -> Int {
        waiting >= policy.sharedCapacity ? queue.waiting.count : queue.bytes
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
        queues[place]!.bytes -= item.size
        waiting -= 1
        bytes -= item.size
        dropped.append(item)
    }
}
