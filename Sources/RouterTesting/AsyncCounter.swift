import Synchronization

/// A counter that tasks can await: a wait ends when the count reaches its target.
///
/// A wait also returns when its task is cancelled, so that a test's time limit can end it.
final class AsyncCounter: Sendable {
    private struct Waiter {
        let id: Int
        let target: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var count = 0
        var waiters: [Waiter] = []
        var nextID = 0
        /// Waits that were cancelled before they began.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    func set(_ count: Int) {
        let ready = state.withLock { state -> [Waiter] in
            state.count = count
            let ready = state.waiters.filter { $0.target <= count }
            state.waiters.removeAll { $0.target <= count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func wait(for target: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { enter(Waiter(id: id, target: target, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    private func enter(_ waiter: Waiter) {
        let isOver = state.withLock { state -> Bool in
            if state.count >= waiter.target || state.cancelled.contains(waiter.id) { return true }
            state.waiters.append(waiter)
            return false
        }
        if isOver { waiter.continuation.resume() }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume()
    }
}
