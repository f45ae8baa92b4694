import EventJSON
import EventRouter
import RealtimeEvents
import SchemaValidation
import Synchronization

// From a call that was taken to its outcome.
extension FunctionCallHandler {
    /// Answers a call that ran before, refuses one that cannot run, and queues every other.
    ///
    /// - Parameter excess: why it is not taken, when there were too many before.
    func take(_ taken: TakenCall, excess: FunctionCallRefusal? = nil) {
        if let report = remembered(taken, journal.past(of:)) { return conclude(taken, report) }
        if let refusal = excess ?? refusal(of: taken) { return conclude(taken, .rejected(refusal)) }
        breakSilence(of: taken)
        guard let approval = taken.function?.approval, taken.decidedBy == nil else { return queue(taken) }
        if let report = state.withLock({ stoodFor(taken, $0) }) { return conclude(taken, report) }
        ask(approval, about: taken)
    }

    /// Queues a call that may run, unless another one stands for it.
    func queue(_ taken: TakenCall) {
        let report = state.withLock { state -> FunctionCallReport? in
            guard !state.isStopping else { return .cancelled() }
            guard !isInterrupted(taken) else { return .interrupted() }
            if follows(taken, &state) { return nil }
            if let report = stoodFor(taken, state) { return report }
            if state.repeated.isInFlight(taken.duplicateKey) || runsInPredecessor(taken.duplicateKey)
                || runsInPredecessor(taken.onceKey)
            {
                return .rejected(.duplicate)
            }
            guard state.queue.hasRoom(for: taken, waiting: caps.queued) else { return .rejected(.queueIsFull) }
            state.repeated.lead(taken)
            state.queue.append(taken)
            startWaiting(&state)
            return nil
        }
        if let report { conclude(taken, report) }
    }

    /// Whether the call gets the answer of one that waits or runs.
    private func follows(_ taken: TakenCall, _ state: inout State) -> Bool {
        if let key = taken.onceKey, state.repeated.isInFlight(key) {
            state.repeated.follow(key, taken, runsAfterFailure: true)
            return true
        }
        guard let key = taken.duplicateKey, taken.function?.policy.onDuplicate == .join,
            state.repeated.isInFlight(key)
        else { return false }
        state.repeated.follow(key, taken, runsAfterFailure: false)
        return true
    }

    /// The answer of an earlier call that meant the same.
    private func stoodFor(_ taken: TakenCall, _ state: State) -> FunctionCallReport? {
        guard let key = taken.onceKey else { return nil }
        if let output = keptAnswer(key, state) { return .replayed(output: output, error: nil) }
        return remembered(taken, journal.past(ofCallsLike:))
    }

    /// Whether the calls of a session are answered from the journal.
    func isRemembering(_ session: RouterSession) -> Bool {
        recordedCalls.map { $0 == .journal } ?? session.isInteractive
    }

    /// What the journal has in place of another run.
    private func remembered(
        _ taken: TakenCall, _ past: (TakenCall) throws -> PastCall?
    ) -> FunctionCallReport? {
        guard isRemembering(taken.session) else { return nil }
        do {
            switch try past(taken) {
            case nil: return nil
            case .finished(let output, let error)?: return .replayed(output: output, error: error)
            case .open?: return taken.function?.policy.isIdempotent == true ? nil : .unknown()
            }
        } catch {
            return .failed(.notStarted, error: "not run without a journal: \(error)")
        }
    }

    private func refusal(of taken: TakenCall) -> FunctionCallRefusal? {
        guard let name = taken.call.name else { return FunctionCallRefusal("the call names no function") }
        // Redacted before a long name is cut: half of a secret is not recognised.
        let redaction = taken.session.redaction
        guard let function = taken.function else { return .unknownFunction(redaction.redacted(name)) }
        guard let arguments = taken.call.argumentObject else { return .notAnObject }
        if let name = arguments.repeatedName { return .repeated(redaction.redacted(name)) }
        if let violations = function.parameters?.violations(in: .object(arguments)) {
            return .unfit(
                .object(arguments), violations, written: taken.writtenArguments.map { redaction.redacted($0) },
                redaction)
        }
        return function.managed?.refusal(of: taken.call)
    }

    /// Starts as many of the waiting calls as may run.
    ///
    /// Under the lock, so that a call that ends at once finds its task registered.
    private func startWaiting(_ state: inout State) {
        while let call = state.queue.startNext() {
            start(call, &state) {
                await self.run(call)
                self.state.withLock { state in
                    state.queue.finish(call)
                    if !state.isStopping { self.startWaiting(&state) }
                }
            }
        }
    }

    /// Does something about a call in a task that a stop and an interruption reach.
    func start(_ call: TakenCall, _ state: inout State, _ body: @escaping @Sendable () async -> Void) {
        state.lastTask += 1
        let number = state.lastTask
        let task = environment.task {
            await body()
            self.state.withLock { $0.running[number] = nil }
        }
        state.running[number] = RunningCall(call: call, task: task)
    }

    private func run(_ taken: TakenCall) async {
        guard !Task.isCancelled, let function = taken.function else { return settle(taken, givenUp(taken)) }
        let startedAt = clock.now
        let queued = startedAt - taken.takenAt
        do {
            try journal.recordStart(of: taken, queued: queued)
        } catch {
            return settle(taken, .failed(.notStarted, error: "not run without a journal: \(error)"), queued: queued)
        }
        var report = await CallExecution(function, in: environment).report(on: taken.call) { body, hadGrace in
            if function.managed != nil { keepLate(body, hadGrace: hadGrace) }
        }
        if report.isAbandoned { report = givenUp(taken) }
        settle(taken, report, queued: queued, ran: clock.now - startedAt)
    }

    /// Keeps the task of a call that goes on after its answer, so that a stop waits for it before it stops the executor. One that had its
    /// grace during a stop is not waited for again.
    private func keepLate(_ body: Task<Void, Never>, hadGrace: Bool) {
        state.withLock { state in
            guard !(hadGrace && state.isStopping) else { return }
            state.lastTask += 1
            let number = state.lastTask
            state.late[number] = environment.task {
                await body.value
                self.state.withLock { $0.late[number] = nil }
            }
        }
    }

    /// Ends a call that was queued, and with it those that waited for its answer.
    func settle(_ taken: TakenCall, _ report: FunctionCallReport, queued: Duration? = nil, ran: Duration? = nil) {
        conclude(taken, report, queued: queued, ran: ran)
        let answered = report.answer.text(reference: taken.id)
        for follower in state.withLock({ $0.repeated.finish(taken, report, at: clock.now) }) {
            if report.isAbandoned {
                conclude(follower.call, .cancelled())
            } else if follower.runsAfterFailure, report.state == .cancelled, ran != nil,
                taken.function?.policy.isIdempotent == false
            {
                // It was stopped halfway: nobody knows whether it was done.
                conclude(follower.call, .unknown())
            } else if follower.runsAfterFailure, report.state != .completed {
                take(follower.call)
            } else {
                conclude(follower.call, .replayed(output: answered, error: report.error))
            }
        }
    }

    /// Writes the end of a call down and gives its outcome to the session.
    func conclude(_ taken: TakenCall, _ report: FunctionCallReport, queued: Duration? = nil, ran: Duration? = nil) {
        let report = written(report, of: taken)
        var outcome = FunctionCallOutcome(
            of: taken.reference, state: report.state, output: report.answer.text(reference: taken.id),
            error: report.error)
        outcome.name = taken.call.name
        outcome.arguments = taken.writtenArguments
        outcome.route = taken.route
        outcome.exitStatus = report.exitStatus
        outcome.queuedMs = queued?.milliseconds
        outcome.ranMs = ran?.milliseconds
        if outcome.output != nil, let reason = taken.session.unsentReason(ofCallAt: taken.sequence) {
            outcome.sent = false
            outcome.unsentReason = reason
        }
        // Whoever interrupts is answered already.
        outcome.wantsResponse = report.state != .cancelled && taken.function?.policy.response != ResponsePolicy.none
        endSilence(of: taken)
        seen.withLock { $0.end(taken.reference, size: taken.size, in: taken.session, caps) }
        journal.recordEnd(of: taken, outcome, report)
        taken.session.complete(outcome)
    }

    /// What went wrong, without what the call's function hides: a program may well say which argument it does not like. What a
    /// worker says may be about any of its calls.
    private func written(_ report: FunctionCallReport, of taken: TakenCall) -> FunctionCallReport {
        guard let function = taken.function, !function.policy.redacted.isEmpty else { return report }
        var report = report
        let hide = { (text: String) in taken.hiddenTexts.reduce(text) { $0.replacing($1, with: Redaction.mark) } }
        report.error = report.error.map(hide)
        if report.state != .completed { report.answer = report.answer.changed(hide) }
        report.standardError = report.standardError.map { report.isStandardErrorShared ? Redaction.mark : hide($0) }
        return report
    }
}
