import Synchronization

/// The first of several values that are given from different sides; later ones are dropped.
package final class FirstValue<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var reader: CheckedContinuation<Value, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Gives a value; it counts if it is the first.
    package func give(_ value: Value) {
        let reader = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard state.value == nil else { return nil }
            state.value = value
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: value)
    }

    /// Waits for the value. To be read once.
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

    /// Waits for the value, for a time at most. To be read once.
    ///
    /// - Parameters:
    ///   - late: what it is when the time has passed.
    ///   - cancelled: what it is when the task was cancelled.
    package func value(
        within time: Duration, on clock: any RouterClock, late: Value, cancelled: Value
    ) async -> Value {
        // Ends with the waiting: a child is cancelled at the end of its scope.
        async let _: Void = giveLate(late, after: time, on: clock)
        return await withTaskCancellationHandler {
            await value
        } onCancel: {
            give(cancelled)
        }
    }

    private func giveLate(_ late: Value, after time: Duration, on clock: any RouterClock) async {
        do { try await clock.sleep(for: time) } catch { return }
        give(late)
    }
}
