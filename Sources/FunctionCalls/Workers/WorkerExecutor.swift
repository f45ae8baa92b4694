import ConfigSource
import EventJSON
package import EventRouter
package import LocalCommands
package import RealtimeEvents
import Synchronization

/// Runs a function with a worker: a local program that keeps running, reads calls and writes answers.
///
/// A call is a line of JSON on the worker's standard input:
/// ```json
/// {"id":1,"name":"get_weather","arguments":{"city":"Lisbon"},"call_id":"call_1","key":"sess_1:call_1","session":"demo","labels":{}}
/// ```
/// The answer is a line on standard output: `{"id":1,"output":…}`, where `output` is a string or any JSON value, or
/// `{"id":1,"error":"words for the model"}`. A worker must flush each line. It may get several calls at the same time,
/// and may answer them in any order.
///
/// The worker starts with the handler and ends with it: its process group gets TERM, then KILL. If it exits by itself,
/// its unanswered calls fail, because their progress is unknown, and it is restarted: immediately the first time, then
/// after 200 ms, doubled each time up to 30 s, until it answers a call. A call that arrives meanwhile waits for it
/// within the call's timeout; it fails immediately only if the program has never run since the start. A worker that
/// answers nothing during the whole timeout of a call counts as stuck, and one that writes a line longer than
/// `maximumOutput` as broken: both are ended and restarted.
///
/// Standard error, and lines that are not answers, are recorded in the journal with the call that ends next.
package final class WorkerExecutor: ManagedExecutor, SecretKeeping {
    /// The program. Its limits apply to each call (`timeout`), each line (`maximumOutput`) and the exit (`killAfter`).
    package let command: LocalCommand
    private let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    /// The values of the inherited environment variables. They are hidden everywhere except in the answer of a call.
    package let secrets: SecretValues
    let state: Mutex<WorkerState>
    private let supervisor = Mutex<Task<Void, Never>?>(nil)

    /// Creates an executor. The worker starts with its handler or with the first call, and runs until ``stop()``.
    package init(
        _ command: LocalCommand, clock: any RouterClock = .system, executor: (any TaskExecutor)? = nil
    ) {
        self.command = command
        secrets = SecretValues(inherited: command.environment.inherited)
        state = Mutex(WorkerState(hiding: secrets))
        environment = RouterEnvironment(clock: clock, executor: executor)
    }

    /// True: a worker that answers nothing within the timeout of a call is ended.
    package var endsLateCalls: Bool { true }

    /// Starts the worker, unless it is running.
    package func start() async { startWorker() }

    func startWorker() {
        supervisor.withLock { supervisor in
            guard supervisor == nil else { return }
            let conversation = makeConversation()
            state.withLock { $0.start(conversation) }
            supervisor = environment.task { await self.supervise(conversation) }
        }
    }

    /// Ends the worker and waits for its exit. Calls that wait or arrive meanwhile get no answer. A later call starts
    /// it again.
    ///
    /// The handler calls this when it stops; code that uses the executor without a handler has to call it.
    package func stop() async {
        guard let task = supervisor.withLock({ $0 }) else { return }
        let conversation = state.withLock { state -> LineConversation? in
            state.isStopping = true
            if case .running(let conversation) = state.phase { return conversation }
            return nil
        }
        conversation?.end()
        task.cancel()
        await task.value
        supervisor.withLock { supervisor in
            guard supervisor == task else { return }
            supervisor = nil
            state.withLock { $0.stop() }
        }
    }
}

extension WorkerExecutor {
    /// Sends the call to the worker and waits for the answer.
    package func run(_ call: FunctionCall) async -> FunctionCallReport {
        guard let arguments = call.argumentObject else { return .rejected(.notAnObject) }
        startWorker()
        let ending = Promise<WorkerState.Ending>()
        let added = state.withLock { $0.add(ending) { WorkerMessage.line($0, for: call, arguments) } }
        let id: Int
        switch added {
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
            state.withLock { $0.forget(id) }
        case .workerExited(let workerExit): report = workerExit.report
        }
        report.standardError = state.withLock { $0.takeDiagnostics() }
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

// Restarting the worker.
extension WorkerExecutor {
    /// Creates the conversation for the next start of the worker.
    func makeConversation() -> LineConversation { LineConversation { [weak self] in self?.receive($0) } }

    func supervise(_ first: LineConversation) async {
        var conversation = first
        while true {
            let workerExit: WorkerExit
            do {
                let result = try await command.converse(conversation)
                workerExit = WorkerExit(result, cause: state.withLock { $0.takeCause() })
            } catch {
                workerExit = WorkerExit(notStarted: error)
            }
            let pause = state.withLock { $0.workerExited(workerExit) }
            if pause > .zero { try? await clock.sleep(for: pause) }
            let next = makeConversation()
            let isOver = state.withLock { state in
                if state.isStopping || Task.isCancelled { return true }
                state.workerStarted(next)
                return false
            }
            if isOver { return }
            conversation = next
        }
    }

    private func receive(_ message: LineConversation.Message) {
        switch message {
        case .line(let line): state.withLock { $0.receive(line) }
        case .standardError(let bytes): state.withLock { $0.receive(standardError: bytes) }
        case .overlongLine:
            let cause = "it wrote a line longer than \(command.limits.maximumOutput) bytes"
            state.withLock { $0.end(because: cause) }?.end()
        }
    }
}
