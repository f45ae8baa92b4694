import EventRouter
import LocalCommands

/// What is known of a worker at a moment, as a value: whether it runs, the calls that it owes an answer, and how it fared.
struct WorkerState {
    /// How a call ended for the one that waits for it.
    enum Ending: Sendable {
        case answered(WorkerMessage.Answer)
        case timedOut
        case cancelled
        /// The worker ended first.
        case lost(WorkerLoss)
    }

    /// A call that has no answer.
    struct Pending {
        let ending: FirstValue<Ending>
        let line: [UInt8]
        /// Whether a worker has it; if not, the next one that is started gets it.
        var isGiven = false
        /// Whether it had to wait for a worker.
        var hasWaited = false
        /// How many answers had come when it was given.
        var answersBefore = 0
    }

    enum Phase {
        /// Nobody keeps it alive.
        case stopped
        case running(LineConversation)
        /// It has ended and will be started again, or is being ended; then nothing is known of its end.
        case down(WorkerLoss?)
    }

    var phase = Phase.stopped
    var isStopping = false
    private var pending: [Int: Pending] = [:]
    /// Why the router ended the worker; nil when it did not.
    private var cause: String?
    /// Whether a worker ran since the start: then one that cannot be started may well be there again soon.
    private var hasRun = false
    private var said: WorkerTrouble
    private var nextID = 1
    private var answers = 0
    /// How often it ended in a row without an answer in between.
    private var losses = 0

    /// - Parameter secrets: what nothing shows that the worker says beside answers.
    init(hiding secrets: SecretValues) {
        said = WorkerTrouble(hiding: secrets)
    }

    /// Calls can be given from now on.
    mutating func start(_ conversation: LineConversation) {
        isStopping = false
        hasRun = false
        begin(conversation)
    }

    /// The next worker gets the calls that wait for one.
    mutating func begin(_ conversation: LineConversation) {
        phase = .running(conversation)
        for id in pending.keys.sorted() where pending[id]?.isGiven == false { give(id, to: conversation) }
    }

    /// Counts a call, and gives it to the worker, or to the next one if none runs.
    ///
    /// - Parameter line: Makes the line that the worker reads.
    /// - Returns: The number by which its answer is known, or why the call cannot wait for a worker.
    mutating func add(_ ending: FirstValue<Ending>, _ line: (Int) -> [UInt8]) -> Result<Int, Refusal> {
        if isStopping { return .failure(Refusal(report: .cancelled())) }
        let id = nextID
        switch phase {
        case .stopped: return .failure(Refusal(report: .cancelled()))
        case .down(let loss?) where !hasRun: return .failure(Refusal(report: loss.report))
        case .down: pending[id] = Pending(ending: ending, line: line(id), hasWaited: true)
        case .running(let conversation):
            pending[id] = Pending(ending: ending, line: line(id))
            give(id, to: conversation)
        }
        nextID += 1
        return .success(id)
    }

    /// Why a call cannot wait for a worker.
    struct Refusal: Error {
        let report: FunctionCallReport
    }

    private mutating func give(_ id: Int, to conversation: LineConversation) {
        guard let line = pending[id]?.line else { return }
        pending[id]?.isGiven = true
        pending[id]?.answersBefore = answers
        conversation.send(line)
    }

    /// Takes a line of the worker in.
    mutating func take(_ line: [UInt8]) {
        guard let (id, answer) = WorkerMessage.answer(line) else { return said.note(notAnAnswer: line) }
        guard let call = pending.removeValue(forKey: id) else {
            return said.note(
                id < nextID && id > 0
                    ? "an answer to call \(id), for which nobody waits" : "an answer to call \(id), which there is not")
        }
        answers += 1
        losses = 0
        call.ending.give(.answered(answer))
    }

    mutating func take(standardError bytes: [UInt8]) { said.append(bytes) }

    /// What the worker said beside answers since this was last asked.
    mutating func takeTrouble() -> String? { said.take() }

    /// Nobody waits for the call any more.
    mutating func giveUp(_ id: Int) { pending[id] = nil }

    /// The call's time has passed.
    ///
    /// - Returns: The report on the call, and the conversation to end if the worker is stuck: it had the call for the whole time
    ///   and answered nothing.
    mutating func timeOut(_ id: Int, after timeout: String) -> (report: FunctionCallReport, stuck: LineConversation?) {
        let report = FunctionCallReport.timedOut(after: timeout)
        guard let call = pending.removeValue(forKey: id) else { return (report, nil) }
        guard call.isGiven else {
            let reason = if case .down(let loss?) = phase { loss.reason } else { cause ?? "it is being ended" }
            return (.failed(.notStarted, error: "the worker did not come back within \(timeout): \(reason)"), nil)
        }
        guard !call.hasWaited, call.answersBefore == answers else { return (report, nil) }
        return (report, end(because: "it answered nothing for \(timeout)"))
    }

    /// Notes why the router ends the worker.
    ///
    /// - Returns: the conversation to end, when it runs.
    mutating func end(because cause: String) -> LineConversation? {
        guard case .running(let conversation) = phase else { return nil }
        self.cause = cause
        // From now on calls wait for the next one.
        phase = .down(nil)
        return conversation
    }

    /// The worker has ended.
    ///
    /// - Returns: how long it is not started again.
    mutating func lose(_ loss: WorkerLoss) -> Duration {
        losses += 1
        if loss.hasRun { hasRun = true }
        for (id, call) in pending where call.isGiven {
            if !loss.hasRun, hasRun {
                // Nobody has begun with it.
                pending[id]?.isGiven = false
                pending[id]?.hasWaited = true
            } else {
                pending[id] = nil
                call.ending.give(.lost(loss))
            }
        }
        phase = .down(loss)
        return Self.pause(afterLosses: losses)
    }

    /// No worker is started any more.
    mutating func stop() {
        phase = .stopped
        for call in pending.values { call.ending.give(.cancelled) }
        pending = [:]
    }

    /// Why the router ended the worker that has ended.
    mutating func takeCause() -> String? {
        defer { cause = nil }
        return cause
    }

    /// None after the first, then 200 ms, and twice as long each time, up to 30 s.
    static func pause(afterLosses losses: Int) -> Duration {
        losses < 2 ? .zero : min(.milliseconds(200) * (1 << min(losses - 2, 10)), .seconds(30))
    }
}

/// How a worker ended that should have lived.
struct WorkerLoss: Sendable {
    /// What happened, for the operator: "it exited with status 1".
    let reason: String
    let exitStatus: Int?
    let signal: Int?
    /// Whether it ran at all.
    let hasRun: Bool

    /// It ran, and ended.
    ///
    /// - Parameter cause: why the router ended it; nil when it ended by itself.
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

    /// It could not be started.
    init(notStarted error: any Error) {
        hasRun = false
        exitStatus = nil
        signal = nil
        reason = "\(error)"
    }

    /// The report on a call that it owed an answer.
    var report: FunctionCallReport {
        guard hasRun else { return .failed(.notStarted, error: "the worker could not be started: \(reason)") }
        var report = FunctionCallReport.failed(.failed, error: "the worker ended before it answered: \(reason)")
        report.exitStatus = exitStatus
        report.signal = signal
        return report
    }
}
