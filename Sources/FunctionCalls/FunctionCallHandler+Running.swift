import EventJSON
import EventRouter
import RealtimeEvents
import SchemaValidation
import Synchronization

// From a call that was taken to its outcome.
extension FunctionCallHandler {
    /// Answers a call that ran before, refuses one that cannot run, and queues every other.
    func take(_ taken: TakenCall) {
        if let report = remembered(taken) { return conclude(taken, report) }
        if let refusal = refusal(of: taken) { return conclude(taken, .rejected(refusal)) }
        let isQueued = state.withLock { state in
            guard !state.isStopping else { return false }
            state.queue.append(taken)
            startWaiting(&state)
            return true
        }
        if !isQueued { conclude(taken, .cancelled()) }
    }

    /// What the journal has in place of another run.
    private func remembered(_ taken: TakenCall) -> ExecutionReport? {
        let isAsked = recordedCalls.map { $0 == .journal } ?? taken.session.isInteractive
        guard isAsked else { return nil }
        do {
            switch try journal.past(of: taken) {
            case nil: return nil
            case .finished(let output, let error)?: return .replayed(output: output, error: error)
            case .open?: return taken.function?.policy.isIdempotent == true ? nil : .unknown()
            }
        } catch {
            return .failed(.notStarted, error: "not run without a journal: \(error)")
        }
    }

    private func refusal(of taken: TakenCall) -> CallRefusal? {
        guard let name = taken.call.name else { return CallRefusal("the call names no function") }
        guard let function = taken.function else { return .unknownFunction(name) }
        guard let arguments = taken.call.argumentObject else { return .notAnObject }
        if let violations = function.parameters?.violations(in: .object(arguments)) { return .unfit(violations) }
        return (function.executor as? any ReportingExecutor)?.refusal(of: taken.call)
    }

    /// Starts as many of the waiting calls as may run.
    ///
    /// Under the lock, so that a call that ends at once finds its task registered.
    private func startWaiting(_ state: inout State) {
        while let call = state.queue.startNext() {
            state.tasks[ObjectIdentifier(call)] = Task {
                await self.run(call)
                self.state.withLock { state in
                    state.tasks[ObjectIdentifier(call)] = nil
                    state.queue.finish(call)
                    if !state.isStopping { self.startWaiting(&state) }
                }
            }
        }
    }

    private func run(_ taken: TakenCall) async {
        guard !Task.isCancelled, let function = taken.function else { return conclude(taken, .cancelled()) }
        let startedAt = clock.now
        let queued = startedAt - taken.takenAt
        do {
            try journal.recordStart(of: taken, queued: queued)
        } catch {
            return conclude(taken, .failed(.notStarted, error: "not run without a journal: \(error)"), queued: queued)
        }
        let report: ExecutionReport
        if let executor = function.executor as? any ReportingExecutor {
            report = await executor.report(on: taken.call)
        } else {
            report = await SwiftExecution(function, clock: clock).report(on: taken.call)
        }
        conclude(taken, report, queued: queued, ran: clock.now - startedAt)
    }

    /// Writes the end of a call down and gives its outcome to the session.
    func conclude(_ taken: TakenCall, _ report: ExecutionReport, queued: Duration? = nil, ran: Duration? = nil) {
        var outcome = FunctionCallOutcome(
            callID: taken.id, state: report.state, output: report.answer.text(reference: taken.id), error: report.error)
        outcome.name = taken.call.name
        outcome.arguments = taken.call.arguments
        outcome.route = taken.route
        outcome.exitStatus = report.exitStatus
        outcome.queuedMs = queued?.milliseconds
        outcome.ranMs = ran?.milliseconds
        journal.recordEnd(of: taken, outcome, report)
        taken.session.complete(outcome)
    }
}
