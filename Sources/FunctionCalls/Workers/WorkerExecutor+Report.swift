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
        let id: Int
        switch give(call, arguments, ending) {
        case .success(let number): id = number
        case .failure(let rest): return rest.report
        }
        let first = await ending.value(
            within: command.limits.timeout, on: clock, late: .timedOut, cancelled: .cancelled)
        return report(on: first, id)
    }

    /// Gives the call to the worker, and its number back.
    private func give(
        _ call: FunctionCall, _ arguments: JSONObject, _ ending: FirstValue<WorkerState.Ending>
    ) -> Result<Int, NotGiven> {
        state.withLock { state in
            switch state.phase {
            case _ where state.isStopping, .stopped: return .failure(NotGiven(report: .cancelled()))
            case .resting(let loss): return .failure(NotGiven(report: loss.restingReport))
            case .running(let conversation):
                let id = state.add(ending)
                conversation.send(WorkerMessage.line(id, for: call, arguments))
                return .success(id)
            }
        }
    }

    /// Why a call was not given to the worker.
    private struct NotGiven: Error {
        let report: ExecutionReport
    }

    private func report(on ending: WorkerState.Ending, _ id: Int) -> ExecutionReport {
        var report: ExecutionReport
        switch ending {
        case .answered(let answer): report = Self.report(on: answer)
        case .timedOut:
            let timeout = Measure.text(command.limits.timeout)
            report = .timedOut(after: timeout)
            state.withLock { $0.timeOut(id, after: timeout) }?.end()
        case .cancelled:
            report = .cancelled()
            state.withLock { $0.giveUp(id) }
        case .lost(let loss): report = loss.report
        }
        report.standardError = state.withLock { $0.takeTrouble() }
        return report
    }

    private static func report(on answer: WorkerMessage.Answer) -> ExecutionReport {
        switch answer {
        case .output(let text): return .completed(text)
        case .error(let words): return ExecutionReport(.failed, .output(CallAnswer.error(words)), error: words)
        case .neither: return .failed(.failed, error: "the worker's answer has neither `output` nor `error`")
        }
    }
}
