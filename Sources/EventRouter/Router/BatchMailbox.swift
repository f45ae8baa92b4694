import Synchronization

/// Reads a source ahead: a few batches wait, so that reading and routing overlap and memory stays small.
final class BatchMailbox: Sendable {
    enum Mail {
        /// A batch, and the moment of the clock at which it was read.
        case batch(EventBatch, readAt: Duration)
        /// Nothing is there yet; the signal will be raised.
        case none
        case end((any Error)?)
    }

    private struct State {
        var batches: [(batch: EventBatch, readAt: Duration)] = []
        var isEnded = false
        var error: (any Error)?
        var reader: CheckedContinuation<Void, Never>?
    }

    /// As many as last while the reader waits for its turn behind busy handlers.
    private static let capacity = 8

    private let state = Mutex(State())
    private let signal: SessionSignal
    private let clock: any RouterClock

    init(signal: SessionSignal, clock: any RouterClock) {
        self.signal = signal
        self.clock = clock
    }

    /// Reads the source to its end; runs in a task of its own.
    func fill(from source: some EventSource) async {
        do {
            while !Task.isCancelled, let batch = try await source.nextBatch() {
                let moment = clock.now
                state.withLock { $0.batches.append((batch, moment)) }
                signal.raise()
                await waitForRoom()
            }
            end(nil)
        } catch {
            end(Task.isCancelled ? nil : error)
        }
    }

    private func end(_ error: (any Error)?) {
        state.withLock {
            $0.isEnded = true
            $0.error = error
        }
        signal.raise()
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state -> Bool in
                if state.batches.count < Self.capacity || state.isEnded { return true }
                state.reader = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    func take() -> Mail {
        let (mail, reader) = state.withLock { state -> (Mail, CheckedContinuation<Void, Never>?) in
            guard !state.batches.isEmpty else {
                return (state.isEnded ? .end(state.error) : .none, nil)
            }
            let (batch, moment) = state.batches.removeFirst()
            defer { state.reader = nil }
            return (.batch(batch, readAt: moment), state.reader)
        }
        reader?.resume()
        return mail
    }

    /// Lets a reader go that waits for room; nothing more is wanted.
    func close() {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isEnded = true
            state.batches = []
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
