import ConfigSource
package import EventRouter
package import RealtimeEvents
import Synchronization

// MARK: - Approval

extension FunctionCallHandler {
    /// Asks for approval of a call; then queues or rejects it.
    func requestApproval(_ approval: ApprovalRule, for pending: PendingCall) {
        let isStopping = state.withLock { state in
            guard !state.isStopping else { return true }
            start(pending, &state) { [environment] in
                let decision = await approval.decision(on: pending.call, in: environment)
                guard !Task.isCancelled else { return self.complete(pending, self.cancellationReport(pending)) }
                pending.decidedBy = decision.decidedBy
                decision.isApproved ? self.queue(pending) : self.complete(pending, .rejected(.notApproved))
            }
            return false
        }
        if isStopping { complete(pending, .cancelled()) }
    }
}

// MARK: - Live sessions

extension FunctionCallHandler: LiveOnlyOptions {
    /// The options that matter only in live sessions: in a recording, no user interrupts a call or waits for it.
    package var liveOptions: [String] {
        let policies = functions.map(\.policy)
        return [
            policies.contains { $0.onInterrupt == .cancel } ? FunctionKeys.onInterrupt.name : nil,
            policies.contains { $0.whileWaiting != nil } ? FunctionKeys.whileWaiting.name : nil,
        ].compactMap(\.self)
    }
}

// MARK: - Unsent outputs

extension FunctionCallHandler {
    /// Records in the journal that the output of a call was not sent.
    package func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {
        journal.recordUnsent(call, in: session, reason)
    }
}

// MARK: - Interruptions

extension FunctionCallHandler {
    /// Cancels the session's calls whose functions are configured to stop on an interruption.
    package func userInterrupted(_ session: RouterSession, at sequence: Int) {
        // Recorded first: a call that is queued concurrently is either found below, or finds this record.
        seen.withLock { $0.recordInterruption(of: session, at: sequence) }
        let (waiting, running) = state.withLock { state in
            let isAffected = { (call: PendingCall) in call.session === session && self.isInterrupted(call) }
            let waiting = state.queue.removeWaiting(where: isAffected)
            let running = state.running.filter { isAffected($0.value.call) }.sorted { $0.key < $1.key }
            for (id, _) in running { state.running[id]?.isInterrupted = true }
            return (waiting, running.map(\.value.task))
        }
        for call in waiting { completeWithFollowers(call, .interrupted()) }
        for task in running { task.cancel() }
    }

    /// Whether the user has interrupted since the call became ready, and its function is configured to stop on an
    /// interruption.
    func isInterrupted(_ pending: PendingCall) -> Bool {
        pending.function?.policy.onInterrupt == .cancel && seen.withLock { $0.isInterrupted(pending) }
    }

    /// The report of a cancelled call.
    func cancellationReport(_ pending: PendingCall) -> FunctionCallReport {
        let isInterrupted = state.withLock { $0.running.values.contains { $0.call === pending && $0.isInterrupted } }
        return isInterrupted ? .interrupted() : .cancelled()
    }
}

// MARK: - Waiting messages

extension FunctionCallHandler {
    /// Starts the timer after which the model says something to the user if the call is not done.
    func scheduleWaitingMessage(for pending: PendingCall) {
        guard let message = pending.function?.policy.whileWaiting, pending.session.isInteractive else { return }
        state.withLock { state in
            guard !state.isStopping, state.waitingMessages[ObjectIdentifier(pending)] == nil else { return }
            state.waitingMessages[ObjectIdentifier(pending)] = environment.throwingTask { [clock] in
                try await clock.sleep(for: max(.zero, message.after - (clock.now - pending.receivedAt)))
                pending.session.speak(message.parameters, whileWaitingFor: pending.reference)
            }
        }
    }

    /// Cancels the timer, because the call is done.
    func cancelWaitingMessage(for pending: PendingCall) {
        state.withLock { $0.waitingMessages.removeValue(forKey: ObjectIdentifier(pending)) }?.cancel()
    }
}

// MARK: - Redaction

extension FunctionCallHandler {
    /// The redactors of the functions' policies and executors.
    package var redactors: [any EventRedactor] {
        (redactor.isEmpty ? [] : [redactor]) + secretKeepers.flatMap(\.redactors)
    }

    /// The secrets that the functions' programs inherit, and those that their executors know.
    package var secrets: SecretValues { SecretValues(joining: secretKeepers.map(\.secrets)) }

    private var secretKeepers: [any SecretKeeping] {
        functions.flatMap { function in
            [function.executor as? any SecretKeeping, function.approval?.approver as? any SecretKeeping]
                .compactMap(\.self)
        }
    }
}
