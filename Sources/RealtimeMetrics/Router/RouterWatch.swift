import EventRouter
import Synchronization

/// The routers that a handler watches, and the task that asks them from time to time.
final class RouterWatch: Sendable {
    private struct State {
        var meters: [RouterMeter] = []
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ activity: RouterActivity) {
        state.withLock { $0.meters.append(RouterMeter(activity)) }
    }

    /// What the routers did since the last time.
    func measurements() -> [Measurement] {
        state.withLock { state in state.meters.indices.flatMap { state.meters[$0].measurements() } }
    }

    /// Calls `tell` again and again.
    func start(every interval: Duration, _ clock: any RouterClock, _ tell: @escaping @Sendable () -> Void) {
        let task = Task {
            while (try? await clock.sleep(for: interval)) != nil { tell() }
        }
        let earlier = state.withLock { state in
            defer { state.task = task }
            return state.task
        }
        earlier?.cancel()
    }

    func stop() async {
        let task = state.withLock { state in
            defer { state.task = nil }
            return state.task
        }
        task?.cancel()
        await task?.value
    }
}
