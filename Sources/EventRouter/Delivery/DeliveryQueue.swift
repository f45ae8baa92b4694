import Synchronization

/// The bounded queue between a session's loop and one handler.
///
/// One producer (the loop, which never waits here: it is told that the queue is full), and either one consumer that takes
/// deliveries by the batch, or several that take one at a time, each of a session that no other has in hand. A single consumer may
/// leave deliveries to gather.
final class DeliveryQueue: Sendable {
    enum Offer {
        case accepted
        /// `block`: keep the delivery and come back when the signal is raised.
        case full
        case dropped(EventDelivery)
    }

    private struct State {
        var waiting = DeliveryBacklog()
        var isClosed = false
        /// The loop was told that the queue is full and wants to hear of room.
        var isWanted = false
        /// Those that wait: nothing is here that they may take.
        var consumers: [CheckedContinuation<[EventDelivery], Never>] = []
        /// The sessions of which a consumer has a delivery in hand, where there are several.
        var inHand: [ObjectIdentifier] = []
        /// Told when enough is here while the consumer lets deliveries gather.
        var enough: FirstValue<Void>?
        /// Whether nothing is left to gather any more.
        var isHasty = false
    }

    /// Deliveries on their way to a consumer that waited.
    private struct Handing {
        let consumer: CheckedContinuation<[EventDelivery], Never>
        let deliveries: [EventDelivery]

        func resume() { consumer.resume(returning: deliveries) }
    }

    /// As many deliveries are handed over at a time: enough to make the hand-over cheap, few enough that a full
    /// queue behind a stuck handler stays nearly as full as its capacity says.
    static let usualBatch = 32

    private let policy: QueuePolicy
    private let batch: Int
    private let signal: SessionSignal
    private let hasOneConsumer: Bool
    private let state = Mutex(State())

    init(_ policy: QueuePolicy, consumers: Int = 1, batch: Int = DeliveryQueue.usualBatch, signal: SessionSignal) {
        self.policy = policy
        self.batch = batch
        hasOneConsumer = consumers == 1
        self.signal = signal
    }

    /// Puts a delivery behind the others. Whoever waits for one gets it with ``handOver()``, unless there is no room until then.
    func offer(_ delivery: EventDelivery) -> Offer {
        let (result, handing) = state.withLock { state -> (Offer, Handing?) in
            // Nobody takes it any more; counted, it is at least not lost in silence.
            if state.isClosed { return (.dropped(delivery), nil) }
            let handing = state.waiting.count >= policy.capacity ? hand(1, &state) : nil
            guard state.waiting.count >= policy.capacity else {
                state.waiting.append(delivery)
                if mayGo(state) { state.enough?.give(()) }
                return (.accepted, handing)
            }
            switch policy.onFull {
            case .block:
                state.isWanted = true
                return (.full, nil)
            case .dropNewest:
                return (.dropped(delivery), nil)
            case .dropOldest:
                let oldest = state.waiting.takeFirst()
                state.waiting.append(delivery)
                return (.dropped(oldest), nil)
            }
        }
        handing?.resume()
        return result
    }

    /// Wakes those who wait for what came. The loop does so when it is done with a batch: to wake them for each delivery would take
    /// longer than all the rest of it.
    func handOver() {
        while let handing = state.withLock({ hand(batch, &$0) }) { handing.resume() }
    }

    /// The next deliveries, oldest first; empty when the queue is closed and there is nothing left for this consumer.
    ///
    /// - Parameter last: what the consumer had in hand, which is done.
    func next(after last: [EventDelivery]) async -> [EventDelivery] {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [EventDelivery]? in
                if !hasOneConsumer, let session = last.first?.session {
                    state.inHand.removeAll { $0 == ObjectIdentifier(session) }
                }
                let ready = take(batch, &state)
                if !ready.isEmpty || state.isClosed { return ready }
                state.consumers.append(continuation)
                return nil
            }
            guard let ready else { return }
            raiseIfWanted()
            continuation.resume(returning: ready)
        }
    }

    /// The next deliveries, at most `limit`, that a consumer may take: none of a session that another has in hand, behind which it has
    /// to stay.
    private func take(_ limit: Int, _ state: inout State) -> [EventDelivery] {
        guard !hasOneConsumer else { return state.waiting.take(limit) }
        let inHand = state.inHand
        guard let delivery = state.waiting.takeFirst(where: { !inHand.contains(ObjectIdentifier($0.session)) })
        else { return [] }
        state.inHand.append(ObjectIdentifier(delivery.session))
        return [delivery]
    }

    /// What one of those who wait may take, if somebody waits and there is something.
    private func hand(_ limit: Int, _ state: inout State) -> Handing? {
        guard let consumer = state.consumers.last else { return nil }
        let deliveries = take(limit, &state)
        guard !deliveries.isEmpty else { return nil }
        state.consumers.removeLast()
        return Handing(consumer: consumer, deliveries: deliveries)
    }

    /// Lets deliveries gather: returns when the time has passed, when there are as many as the consumer takes or the queue holds, and
    /// when ``stopGathering()`` says so.
    func gather(for time: Duration, on clock: any RouterClock) async {
        let enough = FirstValue<Void>()
        state.withLock { state in
            state.enough = enough
            if mayGo(state) { enough.give(()) }
        }
        await enough.value(within: time, on: clock, late: (), cancelled: ())
        state.withLock { $0.enough = nil }
    }

    private func mayGo(_ state: borrowing State) -> Bool {
        state.isHasty || state.waiting.count >= min(batch, policy.capacity)
    }

    /// Nothing is to wait for what may come with it: the source has ended.
    func stopGathering() {
        state.withLock { state in
            state.isHasty = true
            state.enough?.give(())
        }
    }

    /// No more deliveries will come; a consumer ends once the queue holds nothing for it. What is left then of a session that
    /// another has in hand is that one's.
    func close() {
        let consumers = state.withLock { state -> [CheckedContinuation<[EventDelivery], Never>] in
            state.isClosed = true
            defer { state.consumers = [] }
            return state.consumers
        }
        for consumer in consumers { consumer.resume(returning: []) }
    }

    private func raiseIfWanted() {
        let wanted = state.withLock { state -> Bool in
            defer { state.isWanted = false }
            return state.isWanted
        }
        if wanted { signal.raise() }
    }
}
