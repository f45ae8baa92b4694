import EventRouter
import LocalCommands

/// The state of a worker as a value: whether it runs, its unanswered calls, and its exits.
struct WorkerState {
    /// The result of waiting for an answer.
    enum Ending: Sendable {
        case answered(WorkerMessage.Answer)
        case timedOut
        case cancelled
        /// The worker exited before it answered.
        case workerExited(WorkerExit)
    }

    /// A call without an answer.
    struct Pending {
        let ending: Promise<Ending>
        let line: [UInt8]
        /// Whether a worker has received the call; if not, the next worker gets it.
        var isSent = false
        /// Whether the call has waited for a worker to start.
        var hasWaited = false
        /// The number of answers received before the call was sent.
        var answersBefore = 0
    }

    enum Phase {
        /// The worker is neither running nor restarted.
        case stopped
        case running(LineConversation)
        /// The worker has exited and will be restarted. The value is nil while the worker is being ended.
        case down(WorkerExit?)
    }

    var phase = Phase.stopped
    var isStopping = false
    private var pending: [Int: Pending] = [:]
    /// Why the router ended the worker; nil if it did not.
    private var cause: String?
    /// Whether a worker has run since the start. If so, a failed restart is likely to be temporary.
    private var hasRun = false
    private var diagnostics: WorkerDiagnostics
    private var nextID = 1
    private var answers = 0
    /// The number of exits in a row without an answer in between.
    private var consecutiveExits = 0

    /// - Parameter secrets: the values to hide in everything the worker writes besides answers.
    init(hiding secrets: SecretValues) {
        diagnostics = WorkerDiagnostics(hiding: secrets)
    }

    /// Accepts calls from now on.
    mutating func start(_ conversation: LineConversation) {
        isStopping = false
        hasRun = false
        workerStarted(conversation)
    }

    /// Sends the waiting calls to the worker that has started.
    mutating func workerStarted(_ conversation: LineConversation) {
        phase = .running(conversation)
        for id in pending.keys.sorted() where pending[id]?.isSent == false { send(id, to: conversation) }
    }

    /// Registers a call, and sends it to the worker, or keeps it for the next worker if none runs.
    ///
    /// - Parameter line: makes the line for the worker from the call's number.
    /// - Returns: the call's number, or the report if the call cannot wait for a worker.
    mutating func add(_ ending: Promise<Ending>, _ line: (Int) -> [UInt8]) -> Result<Int, Refusal> {
        if isStopping { return .failure(Refusal(report: .cancelled())) }
        let id = nextID
        switch phase {
        case .stopped: return .failure(Refusal(report: .cancelled()))
        case .down(let workerExit?) where !hasRun: return .failure(Refusal(report: workerExit.report))
        case .down: pending[id] = Pending(ending: ending, line: line(id), hasWaited: true)
        case .running(let conversation):
            pending[id] = Pending(ending: ending, line: line(id))
            send(id, to: conversation)
        }
        nextID += 1
        return .success(id)
    }

    /// The report for a call that cannot wait for a worker.
    struct Refusal: Error {
        let report: FunctionCallReport
    }

    private mutating func send(_ id: Int, to conversation: LineConversation) {
        guard let line = pending[id]?.line else { return }
        pending[id]?.isSent = true
        pending[id]?.answersBefore = answers
        conversation.send(line)
    }

    /// Handles a line of the worker.
    mutating func receive(_ line: [UInt8]) {
        guard let (id, answer) = WorkerMessage.answer(line) else { return diagnostics.note(notAnAnswer: line) }
        guard let call = pending.removeValue(forKey: id) else {
            return diagnostics.note(
                id < nextID && id > 0
                    ? "an answer to call \(id), which nobody waits for"
                    : "an answer to call \(id), which does not exist")
        }
        answers += 1
        consecutiveExits = 0
        call.ending.fulfill(.answered(answer))
    }

    mutating func receive(standardError bytes: [UInt8]) { diagnostics.append(bytes) }

    /// Removes and returns what the worker wrote besides answers since the last time.
    mutating func takeDiagnostics() -> String? { diagnostics.drain() }

    /// Removes a call whose answer is no longer needed.
    mutating func forget(_ id: Int) { pending[id] = nil }

    /// Ends a call after its timeout.
    ///
    /// - Returns: the report, and the conversation to end if the worker is stuck: it had the call for the whole time
    ///   and answered nothing.
    mutating func timeOut(_ id: Int, after timeout: String) -> (report: FunctionCallReport, stuck: LineConversation?) {
        let report = FunctionCallReport.timedOut(after: timeout)
        guard let call = pending.removeValue(forKey: id) else { return (report, nil) }
        guard call.isSent else {
            let reason =
                if case .down(let workerExit?) = phase { workerExit.reason } else { cause ?? "it is being ended" }
            return (.failed(.notStarted, error: "the worker did not come back within \(timeout): \(reason)"), nil)
        }
        guard !call.hasWaited, call.answersBefore == answers else { return (report, nil) }
        return (report, end(because: "it answered nothing for \(timeout)"))
    }

    /// Records why the router ends the worker.
    ///
    /// - Returns: the conversation to end; nil if the worker is not running.
    mutating func end(because cause: String) -> LineConversation? {
        guard case .running(let conversation) = phase else { return nil }
        self.cause = cause
        // From now on, calls wait for the next worker.
        phase = .down(nil)
        return conversation
    }

    /// Records the worker's exit.
    ///
    /// - Returns: the delay before the restart.
    mutating func workerExited(_ workerExit: WorkerExit) -> Duration {
        consecutiveExits += 1
        if workerExit.hasRun { hasRun = true }
        for (id, call) in pending where call.isSent {
            if !workerExit.hasRun, hasRun {
                // The worker did not start, so it has not begun the call: the next worker gets it.
                pending[id]?.isSent = false
                pending[id]?.hasWaited = true
            } else {
                pending[id] = nil
                call.ending.fulfill(.workerExited(workerExit))
            }
        }
        phase = .down(workerExit)
        return Self.restartDelay(afterExits: consecutiveExits)
    }

    /// Stops: no worker is started any more.
    mutating func stop() {
        phase = .stopped
        for call in pending.values { call.ending.fulfill(.cancelled) }
        pending = [:]
    }

    /// Removes and returns the reason why the router ended the worker.
    mutating func takeCause() -> String? {
        defer { cause = nil }
        return cause
    }

    /// The delay before a restart: zero after the first exit, then 200 ms, doubled each time up to 30 s.
    static func restartDelay(afterExits consecutiveExits: Int) -> Duration {
        consecutiveExits < 2 ? .zero : min(.milliseconds(200) * (1 << min(consecutiveExits - 2, 10)), .seconds(30))
    }
}

/// An unwanted exit of a worker.
struct WorkerExit: Sendable {
    /// What happened, for the operator: "it exited with status 1".
    let reason: String
    let exitStatus: Int?
    let signal: Int?
    /// Whether the program has run at all.
    let hasRun: Bool

    /// The exit of a program that ran.
    ///
    /// - Parameter cause: why the router ended it; nil if it exited by itself.
    init(_ result: LocalCommandResult, cause: String?) {
        hasRun = true
        switch result.ending {
        case .exited(let status):
            exitStatus = status
            signal = nil
            reason = cause ?? "it exited with status \(status)"
        case .signalled(let number):
            exitStatus = nil
            signal = number
            reason = cause ?? "it was ended by signal \(number)"
        }
    }

    /// A failure to start the program.
    init(notStarted error: any Error) {
        hasRun = false
        exitStatus = nil
        signal = nil
        reason = "\(error)"
    }

    /// The report for an unanswered call.
    var report: FunctionCallReport {
        guard hasRun else { return .failed(.notStarted, error: "the worker could not be started: \(reason)") }
        var report = FunctionCallReport.failed(.failed, error: "the worker ended before it answered: \(reason)")
        report.exitStatus = exitStatus
        report.signal = signal
        return report
    }
}
