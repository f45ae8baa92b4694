import EventRouter
import LocalCommands
import Synchronization

// Keeping the worker alive.
extension WorkerExecutor {
    /// A conversation with the worker that is started next; calls can be given to it from now on.
    func renew() {
        let conversation = nextConversation()
        state.withLock { $0.phase = .running(conversation) }
    }

    private func nextConversation() -> LineConversation { LineConversation { [weak self] in self?.take($0) } }

    func keepAlive() async {
        while let conversation = conversation {
            let loss: WorkerLoss
            do {
                let result = try await command.converse(conversation)
                loss = WorkerLoss(result, cause: state.withLock { $0.takeCause() })
            } catch {
                loss = WorkerLoss(notStarted: error)
            }
            let next = nextConversation()
            let pause = state.withLock { state in
                let pause = state.lose(loss)
                // At once, so that no call finds it at rest.
                if pause == .zero { state.phase = .running(next) }
                return pause
            }
            if pause > .zero { try? await clock.sleep(for: pause) }
            if state.withLock({ $0.isStopping }) || Task.isCancelled { return }
            if pause > .zero { renew() }
        }
    }

    private var conversation: LineConversation? {
        state.withLock { state in
            if case .running(let conversation) = state.phase { conversation } else { nil }
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
