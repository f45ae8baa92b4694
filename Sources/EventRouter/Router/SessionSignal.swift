import Synchronization

/// Wakes one session's loop: an answer came, a queue has room, a batch was read, or a stop was asked for.
///
/// Raising is remembered until the next wait, so no wake-up is lost between a check and the wait that follows it.
final class SessionSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func raise() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.isRaised = true
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Waits until somebody raises the signal. One waiter at a time: the loop.
    func wait() async {
        await withCheckedContinuation { continuation in
            let goOn = state.withLock { state -> Bool in
                if state.isRaised {
                    state.isRaised = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if goOn { continuation.resume() }
        }
    }

    /// Waits until somebody raises the signal or the time has passed.
    func wait(for duration: Duration, on clock: any RouterClock) async {
        let alarm = Task {
            try await clock.sleep(for: duration)
            raise()
        }
        await wait()
        alarm.cancel()
    }
}
