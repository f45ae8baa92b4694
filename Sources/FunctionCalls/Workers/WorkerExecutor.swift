import ConfigSource
import EventJSON
package import EventRouter
package import LocalCommands
package import RealtimeEvents
import Synchronization

/// Runs a function by a worker: a local program that stays, reads calls and writes answers.
///
/// A call is a line of JSON on the worker's standard input:
/// ```json
/// {"id":1,"name":"get_weather","arguments":{"city":"Lisbon"},"call_id":"call_1","key":"sess_1:call_1","session":"demo","labels":{}}
/// ```
/// and its answer one on standard output, in any order: `{"id":1,"output":…}`, where `output` is text or any JSON, or
/// `{"id":1,"error":"words for the model"}`. A worker has to flush each line. Several calls may be with it at a time; it may
/// answer them one after the other.
///
/// It is started with the handler, and ended with it: TERM to its process group, then KILL. When it ends by itself, the calls
/// that it owes an answer fail, since nobody knows how far they came, and it is started again: at once the first time, then after
/// 200 ms, twice as long each time, up to 30 s, until it answers a call. A call that comes meanwhile waits for it, within the
/// call's own time; only if the program has not run since the start does it fail at once. A worker that has answered nothing in
/// the whole time of a call is taken for stuck, and one that writes a line longer than `maximumOutput` for broken: both are ended
/// and started again.
///
/// What it writes to standard error, and lines that answer no call, stand in the journal with the call that ends next.
package final class WorkerExecutor: ManagedExecutor, SecretKeeping {
    /// The program. Its limits count for each call (`timeout`), each line (`maximumOutput`) and its end (`killAfter`).
    package let command: LocalCommand
    private let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    /// What the program inherits; nothing but the answer of a call shows it.
    package let secrets: SecretValues
    let state: Mutex<WorkerState>
    private let keeper = Mutex<Task<Void, Never>?>(nil)

    /// Makes an executor; nothing is started before the first call, or the start of its handler. What was started runs until
    /// ``stop()``.
    package init(
        _ command: LocalCommand, clock: any RouterClock = .system, executor: (any TaskExecutor)? = nil
    ) {
        self.command = command
        secrets = SecretValues(inherited: command.environment.inherited)
        state = Mutex(WorkerState(hiding: secrets))
        environment = RouterEnvironment(clock: clock, executor: executor)
    }

    /// A worker that answers nothing in the time of a call is ended.
    package var endsLateCalls: Bool { true }

    /// Starts the worker, unless it runs.
    package func start() async { startWorker() }

    func startWorker() {
        keeper.withLock { keeper in
            guard keeper == nil else { return }
            let conversation = nextConversation()
            state.withLock { $0.start(conversation) }
            keeper = environment.task { await self.keepAlive(conversation) }
        }
    }

    /// Ends the worker and waits for its end; calls that wait or come meanwhile get no answer. A later one starts it again.
    ///
    /// The handler does this when it is stopped; code that uses the executor alone has to do it.
    package func stop() async {
        guard let task = keeper.withLock({ $0 }) else { return }
        let conversation = state.withLock { state -> LineConversation? in
            state.isStopping = true
            if case .running(let conversation) = state.phase { return conversation }
            return nil
        }
        conversation?.end()
        task.cancel()
        await task.value
        keeper.withLock { keeper in
            guard keeper == task else { return }
            keeper = nil
            state.withLock { $0.stop() }
        }
    }
}

extension WorkerExecutor {
    /// Gives the call to the worker and waits for its answer.
    package func run(_ call: FunctionCall) async -> FunctionCallReport {
        guard let arguments = call.argumentObject else { return .rejected(.notAnObject) }
        startWorker()
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
