import EventRouter
import LocalCommands
import Synchronization

// Keeping the worker alive.
extension WorkerExecutor {
    /// A conversation with the worker that is started next.
    func nextConversation() -> LineConversation { LineConversation { [weak self] in self?.take($0) } }

    func keepAlive(_ first: LineConversation) async {
        var conversation = first
        while true {
            let loss: WorkerLoss
            do {
                let result = try await command.converse(conversation)
                loss = WorkerLoss(result, cause: state.withLock { $0.takeCause() })
            } catch {
                loss = WorkerLoss(notStarted: error)
            }
            let pause = state.withLock { $0.lose(loss) }
            if pause > .zero { try? await clock.sleep(for: pause) }
            let next = nextConversation()
            let isOver = state.withLock { state in
                if state.isStopping || Task.isCancelled { return true }
                state.begin(next)
                return false
            }
            if isOver { return }
            conversation = next
        }
    }

    private func take(_ message: LineConversation.Message) {
        switch message {
        case .line(let line): state.withLock { $0.take(line) }
        case .standardError(let bytes): state.withLock { $0.take(standardError: bytes) }
        case .overlongLine:
            let cause = "it wrote a line longer than \(command.limits.maximumOutput) bytes"
            state.withLock { $0.end(because: cause) }?.end()
        }
    }
}
