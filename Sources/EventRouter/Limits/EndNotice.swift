import RealtimeEvents
import Synchronization

/// Tells those that wait for it that a session takes nothing more, and why.
final class EndNotice: Sendable {
    private struct State {
        var isGiven = false
        var reason: SessionEndReason?
        var waiting: [Int: CheckedContinuation<SessionEndReason?, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Why the session ended by itself; nil while it goes on, or if its source ended it.
    var reason: SessionEndReason? { state.withLock { $0.reason } }

    /// Gives the notice; only the first counts.
    ///
    /// - Parameter reason: why the session ended by itself; nil if its source ended it.
    func give(_ reason: SessionEndReason?) {
        let waiting = state.withLock { state in
            guard !state.isGiven else { return [CheckedContinuation<SessionEndReason?, Never>]() }
            (state.isGiven, state.reason) = (true, reason)
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: reason) }
    }

    /// Waits for the notice; returns nil if the task is cancelled.
    func wait() async -> SessionEndReason? {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDone, reason) = state.withLock { state in
                    guard !state.isGiven, !Task.isCancelled else { return (true, state.reason) }
                    state.waiting[number] = continuation
                    return (false, nil)
                }
                if isDone { continuation.resume(returning: reason) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }
}
