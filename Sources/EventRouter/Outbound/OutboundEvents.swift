public import RealtimeEvents
import Synchronization

/// The client events of a session, for the connection's owner to send.
public struct OutboundEvents: AsyncSequence, Sendable {
    /// A client event.
    public typealias Element = ClientEvent

    private let writer: OutboundWriter

    init(_ writer: OutboundWriter) {
        self.writer = writer
    }

    /// Creates an iterator. Several iterators share the events.
    public func makeAsyncIterator() -> Iterator { Iterator(writer) }

    /// Iterates over the events.
    public struct Iterator: AsyncIteratorProtocol {
        private let writer: OutboundWriter
        private let reader: Int

        fileprivate init(_ writer: OutboundWriter) {
            self.writer = writer
            reader = writer.enter()
        }

        /// Waits for the next event; nil at the end.
        public mutating func next() async -> ClientEvent? { await writer.next(reader) }
    }
}

extension OutboundWriter {
    /// Registers a reader.
    ///
    /// - Returns: The reader's number.
    func enter() -> Int {
        state.withLock { state in
            state.lastReader += 1
            return state.lastReader
        }
    }

    /// Waits for the next event; nil at the end, or when the reader's task is cancelled.
    func next(_ reader: Int) async -> ClientEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (entry, isAnswered, wakes) = state.withLock { state -> (OutboundEntry?, Bool, Bool) in
                    if state.isOver || Task.isCancelled { return (nil, true, false) }
                    guard state.maySend, let entry = state.waiting.takeFirst() else {
                        state.waitingReaders.append((reader, continuation))
                        return (nil, false, false)
                    }
                    state.noteTaken(entry)
                    defer { state.sessionWaits = false }
                    return (entry, true, state.sessionWaits || state.waiting.isEmpty)
                }
                guard isAnswered else { return }
                if let entry { recordTaken(entry) }
                if wakes { signal.raise() }
                continuation.resume(returning: entry?.event)
            }
        } onCancel: {
            let cancelled = state.withLock { state -> CheckedContinuation<ClientEvent?, Never>? in
                guard let index = state.waitingReaders.firstIndex(where: { $0.id == reader }) else { return nil }
                return state.waitingReaders.remove(at: index).continuation
            }
            cancelled?.resume(returning: nil)
        }
    }
}
