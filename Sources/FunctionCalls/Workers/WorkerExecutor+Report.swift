import ConfigSource
import EventJSON
import EventRouter
import LocalCommands
import RealtimeEvents
import Synchronization

extension WorkerExecutor: ReportingExecutor {
    /// Whatever the arguments are, they fit into a line.
    func refusal(of call: FunctionCall) -> CallRefusal? { nil }

    func report(on call: FunctionCall) async -> ExecutionReport {
        guard let arguments = call.argumentObject else { return .rejected(.notAnObject) }
        start()
        let ending = FirstValue<WorkerState.Ending>()
        let given = state.withLock { $0.add(ending) { WorkerMessage.line($0, for: call, arguments) } }
        let id: Int
        switch given {
        case .success(let number): id = number
        case .failure(let refusal): return refusal.report
        }
        let first = await ending.value(
            within: command.limits.timeout, on: clock, late: .timedOut, cancelled: .cancelled)
        return report(on: first, id)
    }

    private func report(on ending: WorkerState.Ending, _ id: Int) -> ExecutionReport {
        var report: ExecutionReport
        switch ending {
        case .answered(let answer): report = self.report(on: answer)
        case .timedOut:
            let (late, stuck) = state.withLock { $0.timeOut(id, after: Measure.text(command.limits.timeout)) }
            report = late
            stuck?.end()
        case .cancelled:
            report = .cancelled()
            state.withLock { $0.giveUp(id) }
        case .lost(let loss): report = loss.report
        }
        report.standardError = state.withLock { $0.takeTrouble() }
        return report
    }

    private func report(on answer: WorkerMessage.Answer) -> ExecutionReport {
        switch answer {
        case .output(let text): return .completed(text)
        case .error(let words):
            let words = secrets.hide(in: words)
            return ExecutionReport(.failed, .output(CallAnswer.error(words)), error: words)
        case .neither: return .failed(.failed, error: "the worker's answer has neither `output` nor `error`")
        }
    }
}
