import EventJSON
import EventRouter
import RealtimeEvents
import SchemaValidation
import Synchronization

// The processing of a call from its acceptance to its outcome.
extension FunctionCallHandler {
    /// Answers a call that ran before, refuses a call that cannot run, and queues every other call.
    ///
    /// - Parameter excess: the refusal if the call exceeds the caps; nil otherwise.
    func process(_ pending: PendingCall, excess: FunctionCallRefusal? = nil) {
        if let report = journaledReport(pending, journal.outcome(of:)) { return complete(pending, report) }
        if let refusal = excess ?? refusal(of: pending) { return complete(pending, .rejected(refusal)) }
        scheduleWaitingMessage(for: pending)
        guard let approval = pending.function?.approval, pending.decidedBy == nil else { return queue(pending) }
        if let report = state.withLock({ reusableReport(pending, $0) }) { return complete(pending, report) }
        requestApproval(approval, for: pending)
    }

    /// Queues a call, unless it shares the answer of another call or is refused.
    func queue(_ pending: PendingCall) {
        let report = state.withLock { state -> FunctionCallReport? in
            guard !state.isStopping else { return .cancelled() }
            guard !isInterrupted(pending) else { return .interrupted() }
            if joinsRunningCall(pending, &state) { return nil }
            if let report = reusableReport(pending, state) { return report }
            if state.coalesced.isInFlight(pending.duplicateKey) || runsInPredecessor(pending.duplicateKey)
                || runsInPredecessor(pending.onceKey)
            {
                return .rejected(.duplicate)
            }
            guard state.queue.hasRoom(for: pending, waiting: caps.queued) else { return .rejected(.queueIsFull) }
            state.coalesced.lead(pending)
            state.queue.append(pending)
            startWaiting(&state)
            return nil
        }
        if let report { complete(pending, report) }
    }

    /// Makes the call wait for the answer of an equivalent call that waits or runs. Returns whether there is one.
    private func joinsRunningCall(_ pending: PendingCall, _ state: inout State) -> Bool {
        if let key = pending.onceKey, state.coalesced.isInFlight(key) {
            state.coalesced.follow(key, pending, runsAfterFailure: true)
            return true
        }
        guard let key = pending.duplicateKey, pending.function?.policy.onDuplicate == .join,
            state.coalesced.isInFlight(key)
        else { return false }
        state.coalesced.follow(key, pending, runsAfterFailure: false)
        return true
    }

    /// The report of an earlier equivalent call; nil if there is none.
    private func reusableReport(_ pending: PendingCall, _ state: State) -> FunctionCallReport? {
        guard let key = pending.onceKey else { return nil }
        if let output = cachedAnswer(key, state) { return .replayed(output: output, error: nil) }
        return journaledReport(pending, journal.outcome(ofCallsLike:))
    }

    /// Whether calls of the session are answered from the journal.
    func answersFromJournal(_ session: RouterSession) -> Bool {
        recordedCalls.map { $0 == .journal } ?? session.isInteractive
    }

    /// The report that the journal has for a call; nil if the call has to run.
    private func journaledReport(
        _ pending: PendingCall, _ lookUp: (PendingCall) throws -> JournaledOutcome?
    ) -> FunctionCallReport? {
        guard answersFromJournal(pending.session) else { return nil }
        do {
            switch try lookUp(pending) {
            case nil: return nil
            case .finished(let output, let error)?: return .replayed(output: output, error: error)
            case .open?: return pending.function?.policy.isIdempotent == true ? nil : .unknown()
            }
        } catch {
            return .failed(.notStarted, error: "not run without a journal: \(error)")
        }
    }

    private func refusal(of pending: PendingCall) -> FunctionCallRefusal? {
        guard let name = pending.call.name else { return FunctionCallRefusal("the call names no function") }
        // Redacted before a long name is shortened: a redactor does not recognise a part of a secret.
        let redaction = pending.session.redaction
        guard let function = pending.function else { return .unknownFunction(redaction.redacted(name)) }
        guard let arguments = pending.call.argumentObject else { return .notAnObject }
        if let name = arguments.repeatedName { return .repeated(redaction.redacted(name)) }
        if let violations = function.parameters?.violations(in: .object(arguments)) {
            return .unfit(
                .object(arguments), violations,
                redactedArguments: pending.redactedArguments.map { redaction.redacted($0) },
                redaction)
        }
        return function.managed?.refusal(of: pending.call)
    }

    /// Starts the waiting calls that may run.
    ///
    /// Holds the lock, so that a call that ends immediately finds its task registered.
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

    /// Starts a task for a call, and registers it so that a stop or an interruption can cancel it.
    func start(_ call: PendingCall, _ state: inout State, _ body: @escaping @Sendable () async -> Void) {
        state.lastTask += 1
        let number = state.lastTask
        let task = environment.task {
            await body()
            self.state.withLock { $0.running[number] = nil }
        }
        state.running[number] = RunningCall(call: call, task: task)
    }

    private func run(_ pending: PendingCall) async {
        guard !Task.isCancelled, let function = pending.function else {
            return completeWithFollowers(pending, cancellationReport(pending))
        }
        let startedAt = clock.now
        let queued = startedAt - pending.receivedAt
        do {
            try journal.recordStart(of: pending, queued: queued)
        } catch {
            return completeWithFollowers(
                pending, .failed(.notStarted, error: "not run without a journal: \(error)"), queued: queued)
        }
        var report = await CallExecution(function, in: environment).report(on: pending.call) { body, hadGrace in
            if function.managed != nil { trackUnfinished(body, hadGrace: hadGrace) }
        }
        if report.isAbandoned { report = cancellationReport(pending) }
        completeWithFollowers(pending, report, queued: queued, ran: clock.now - startedAt)
    }

    /// Keeps the task of a call that is still running after its answer, so that a stop waits for it before it stops the
    /// executor. A task that has already used its grace period during a stop is not waited for again.
    private func trackUnfinished(_ body: Task<Void, Never>, hadGrace: Bool) {
        state.withLock { state in
            guard !(hadGrace && state.isStopping) else { return }
            state.lastTask += 1
            let number = state.lastTask
            state.unfinished[number] = environment.task {
                await body.value
                self.state.withLock { $0.unfinished[number] = nil }
            }
        }
    }

    /// Completes a queued call and the calls that share its answer.
    func completeWithFollowers(
        _ pending: PendingCall, _ report: FunctionCallReport, queued: Duration? = nil, ran: Duration? = nil
    ) {
        complete(pending, report, queued: queued, ran: ran)
        let answered = report.answer.text(reference: pending.id)
        for follower in state.withLock({ $0.coalesced.finish(pending, report, at: clock.now) }) {
            if report.isAbandoned {
                complete(follower.call, .cancelled())
            } else if follower.runsAfterFailure, report.state == .cancelled, ran != nil,
                pending.function?.policy.isIdempotent == false
            {
                // The call was stopped while it ran, so its result is unknown.
                complete(follower.call, .unknown())
            } else if follower.runsAfterFailure, report.state != .completed {
                process(follower.call)
            } else {
                complete(follower.call, .replayed(output: answered, error: report.error))
            }
        }
    }

    /// Writes the call's end to the journal, and passes its outcome to the session.
    func complete(_ pending: PendingCall, _ report: FunctionCallReport, queued: Duration? = nil, ran: Duration? = nil) {
        let report = redacted(report, of: pending)
        var outcome = FunctionCallOutcome(
            of: pending.reference, state: report.state, output: report.answer.text(reference: pending.id),
            error: report.error)
        outcome.name = pending.call.name
        outcome.arguments = pending.redactedArguments
        outcome.route = pending.route
        outcome.exitStatus = report.exitStatus
        outcome.queuedMs = queued?.milliseconds
        outcome.ranMs = ran?.milliseconds
        if outcome.output != nil, let reason = pending.session.unsentReason(ofCallAt: pending.sequence) {
            outcome.sent = false
            outcome.unsentReason = reason
        }
        // After an interruption, the user's new speech already leads to a response.
        outcome.wantsResponse = report.state != .cancelled && pending.function?.policy.response != ResponsePolicy.none
        cancelWaitingMessage(for: pending)
        seen.withLock { $0.end(pending.reference, size: pending.size, in: pending.session, caps) }
        journal.recordEnd(of: pending, outcome, report)
        pending.session.complete(outcome)
    }

    /// The report without the values that the function's policy redacts: a program may print an argument that it
    /// rejects. Standard error of a worker is redacted as a whole, because it may concern any of its calls.
    private func redacted(_ report: FunctionCallReport, of pending: PendingCall) -> FunctionCallReport {
        guard let function = pending.function, !function.policy.redacted.isEmpty else { return report }
        var report = report
        let hide = { (text: String) in pending.redactedTexts.reduce(text) { $0.replacing($1, with: Redaction.mark) } }
        report.error = report.error.map(hide)
        if report.state != .completed { report.answer = report.answer.changed(hide) }
        report.standardError = report.standardError.map { report.isStandardErrorShared ? Redaction.mark : hide($0) }
        return report
    }
}
