import ConfigSource
import EventJSON
package import EventRouter
import LocalCommands
package import RealtimeEvents
import Synchronization

extension WorkerExecutor {
    /// Gives the call to the worker and waits for its answer.
    package func run(_ call: FunctionCall) async -> FunctionCallReport {
        guard let arguments = call.argumentObject else { return .rejected(.notAnObject) }
        startWorker()
        let ending = Promise<WorkerState.Ending>()
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

    private func report(on ending: WorkerState.Ending, _ id: Int) -> FunctionCallReport {
        var report: FunctionCallReport
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
        report.isStandardErrorShared = true
        return report
    }

    private func report(on answer: WorkerMessage.Answer) -> FunctionCallReport {
        switch answer {
        case .output(let text): return .completed(FunctionCallResult(text))
        case .error(let words):
            let words = secrets.hide(in: words)
            return FunctionCallReport(.failed, .output(FunctionCallReport.Answer.error(words)), error: words)
        case .neither: return .failed(.failed, error: "the worker's answer has neither `output` nor `error`")
        }
    }
}
