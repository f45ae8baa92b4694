import Synchronization

/// A number that changes, and tasks that wait until it is large enough.
///
/// A cancelled wait returns, so that a time limit can end a test that would never end.
final class CountWatch: Sendable {
    private struct Watcher {
        let id: Int
        let target: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var count = 0
        var watchers: [Watcher] = []
        var nextID = 0
        /// Waits that were cancelled before they began.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    func set(_ count: Int) {
        let ready = state.withLock { state -> [Watcher] in
            state.count = count
            let ready = state.watchers.filter { $0.target <= count }
            state.watchers.removeAll { $0.target <= count }
            return ready
        }
        for watcher in ready { watcher.continuation.resume() }
    }

    func wait(for target: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { enter(Watcher(id: id, target: target, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    private func enter(_ watcher: Watcher) {
        let isOver = state.withLock { state -> Bool in
            if state.count >= watcher.target || state.cancelled.contains(watcher.id) { return true }
            state.watchers.append(watcher)
            return false
        }
        if isOver { watcher.continuation.resume() }
    }

    private func cancel(_ id: Int) {
        let watcher = state.withLock { state -> Watcher? in
            guard let index = state.watchers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.watchers.remove(at: index)
        }
        watcher?.continuation.resume()
    }
}
