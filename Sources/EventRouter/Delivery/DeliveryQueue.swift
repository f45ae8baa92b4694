import Synchronization

/// The bounded queue between a session's loop and one handler.
///
/// One producer (the loop, which never waits here: it is told that the queue is full) and one consumer.
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
        var consumer: CheckedContinuation<[EventDelivery], Never>?
    }

    /// As many deliveries are handed over at a time: enough to make the hand-over cheap, few enough that a full
    /// queue behind a stuck handler stays nearly as full as its capacity says.
    private static let batch = 32

    private let policy: QueuePolicy
    private let signal: SessionSignal
    private let state = Mutex(State())

    init(_ policy: QueuePolicy, signal: SessionSignal) {
        self.policy = policy
        self.signal = signal
    }

    func offer(_ delivery: EventDelivery) -> Offer {
        let (result, consumer) = state.withLock { state -> (Offer, CheckedContinuation<[EventDelivery], Never>?) in
            // Nobody takes it any more; counted, it is at least not lost in silence.
            if state.isClosed { return (.dropped(delivery), nil) }
            if let consumer = state.consumer {
                state.consumer = nil
                return (.accepted, consumer)
            }
            guard state.waiting.count >= policy.capacity else {
                state.waiting.append(delivery)
                return (.accepted, nil)
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
        consumer?.resume(returning: [delivery])
        return result
    }

    /// The next deliveries, oldest first; empty when the queue is closed and drained.
    func next() async -> [EventDelivery] {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [EventDelivery]? in
                guard !state.waiting.isEmpty else {
                    if state.isClosed { return [] }
                    state.consumer = continuation
                    return nil
                }
                return state.waiting.take(Self.batch)
            }
            guard let ready else { return }
            raiseIfWanted()
            continuation.resume(returning: ready)
        }
    }

    /// No more deliveries will come; the consumer ends once the queue is empty.
    func close() {
        let consumer = state.withLock { state -> CheckedContinuation<[EventDelivery], Never>? in
            state.isClosed = true
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume(returning: [])
    }

    private func raiseIfWanted() {
        let wanted = state.withLock { state -> Bool in
            defer { state.isWanted = false }
            return state.isWanted
        }
        if wanted { signal.raise() }
    }
}
