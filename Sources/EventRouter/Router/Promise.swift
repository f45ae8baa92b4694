import RealtimeEvents
import Synchronization

/// A value that is set once and awaited once. Later values are ignored.
package final class Promise<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var reader: CheckedContinuation<Value, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Sets the value, unless it is set already.
    package func fulfill(_ value: Value) {
        let reader = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard state.value == nil else { return nil }
            state.value = value
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: value)
    }

    /// Waits for the value. May be read only once.
    package var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state in
                    if state.value == nil { state.reader = continuation }
                    return state.value
                }
                if let value { continuation.resume(returning: value) }
            }
        }
    }

    /// Waits for the value with a timeout. May be called only once.
    ///
    /// - Parameters:
    ///   - late: The value after the timeout.
    ///   - cancelled: The value if the task is cancelled.
    package func value(
        within time: Duration, on clock: any RouterClock, late: Value, cancelled: Value
    ) async -> Value {
        // The timeout's task is cancelled at the end of this scope.
        async let _: Void = fulfillAfterTimeout(late, after: time, on: clock)
        return await withTaskCancellationHandler {
            await value
        } onCancel: {
            fulfill(cancelled)
        }
    }

    private func fulfillAfterTimeout(_ late: Value, after time: Duration, on clock: any RouterClock) async {
        do { try await clock.sleep(for: time) } catch { return }
        fulfill(late)
    }
}

/// The completion of an operation, which several tasks may await.
final class Completion: Sendable {
    private struct State {
        var result: Result<Void, any Error>?
        var waiting: [CheckedContinuation<Void, any Error>] = []
    }

    private let state = Mutex(State())

    /// Resumes all waiting tasks. Called once.
    func finish(_ result: Result<Void, any Error> = .success(())) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// Waits for the completion.
    ///
    /// - Throws: The error with which the operation ended.
    func wait() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(with: result) }
        }
    }
}

/// Notifies tasks that a session accepts no more messages, and why.
final class EndNotice: Sendable {
    private struct State {
        var isGiven = false
        var reason: SessionEndReason?
        var waiting: [Int: CheckedContinuation<SessionEndReason?, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Why the session ended by itself; nil while it is running, or if its source ended it.
    var reason: SessionEndReason? { state.withLock { $0.reason } }

    /// Notifies all waiting tasks. Only the first call has an effect.
    ///
    /// - Parameter reason: Why the session ended by itself; nil if its source ended it.
    func notify(_ reason: SessionEndReason?) {
        let waiting = state.withLock { state in
            guard !state.isGiven else { return [CheckedContinuation<SessionEndReason?, Never>]() }
            (state.isGiven, state.reason) = (true, reason)
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: reason) }
    }

    /// Waits for the notice. Returns nil if the task is cancelled.
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
