import ConfigSource
package import EventRouter
package import RealtimeEvents
import Synchronization

// MARK: - Approval

extension FunctionCallHandler {
    /// Lets somebody decide on a call, and queues it or rejects it then.
    func ask(_ approval: ApprovalRule, about taken: TakenCall) {
        let isStopping = state.withLock { state in
            guard !state.isStopping else { return true }
            start(taken, &state) { [environment] in
                let decision = await approval.decision(on: taken.call, in: environment)
                guard !Task.isCancelled else { return self.conclude(taken, self.givenUp(taken)) }
                taken.decidedBy = decision.decidedBy
                decision.isApproved ? self.queue(taken) : self.conclude(taken, .rejected(.notApproved))
            }
            return false
        }
        if isStopping { conclude(taken, .cancelled()) }
    }
}

// MARK: - Live sessions

extension FunctionCallHandler: LiveOptions {
    /// What is to happen while a call runs: in a recording nobody interrupts it or waits.
    package var liveOptions: [String] {
        let policies = functions.map(\.policy)
        return [
            policies.contains { $0.onInterrupt == .cancel } ? FunctionKeys.onInterrupt.name : nil,
            policies.contains { $0.whileWaiting != nil } ? FunctionKeys.whileWaiting.name : nil,
        ].compactMap(\.self)
    }
}

// MARK: - Outputs that are not sent

extension FunctionCallHandler {
    /// Writes into the journal that the output of a call was not sent after all.
    package func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {
        journal.recordUnsent(call, in: session, reason)
    }
}

// MARK: - Interruptions

extension FunctionCallHandler {
    /// Stops the session's calls of functions that are to be stopped then.
    package func userInterrupted(_ session: RouterSession, at sequence: Int) {
        // Noted first: a call that is queued meanwhile is found here, or finds the note.
        seen.withLock { $0.noteInterruption(of: session, at: sequence) }
        let (waiting, running) = state.withLock { state in
            let isMeant = { (call: TakenCall) in call.session === session && self.isInterrupted(call) }
            let waiting = state.queue.removeWaiting(where: isMeant)
            let running = state.running.filter { isMeant($0.value.call) }.sorted { $0.key < $1.key }
            for (id, _) in running { state.running[id]?.isInterrupted = true }
            return (waiting, running.map(\.value.task))
        }
        for call in waiting { settle(call, .interrupted()) }
        for task in running { task.cancel() }
    }

    /// Whether the call came to us only after an interruption that stops it.
    func isInterrupted(_ taken: TakenCall) -> Bool {
        taken.function?.policy.onInterrupt == .cancel && seen.withLock { $0.isInterrupted(taken) }
    }

    /// What a call came to that was given up.
    func givenUp(_ taken: TakenCall) -> FunctionCallReport {
        let isInterrupted = state.withLock { $0.running.values.contains { $0.call === taken && $0.isInterrupted } }
        return isInterrupted ? .interrupted() : .cancelled()
    }
}

// MARK: - Silence

extension FunctionCallHandler {
    /// Lets the model say something when the call is not done after a while.
    func breakSilence(of taken: TakenCall) {
        guard let words = taken.function?.policy.whileWaiting, taken.session.isInteractive else { return }
        state.withLock { state in
            guard !state.isStopping, state.silences[ObjectIdentifier(taken)] == nil else { return }
            state.silences[ObjectIdentifier(taken)] = environment.throwingTask { [clock] in
                try await clock.sleep(for: max(.zero, words.after - (clock.now - taken.takenAt)))
                taken.session.speak(words.parameters, whileWaitingFor: taken.reference)
            }
        }
    }

    /// The call is done, and says so itself.
    func endSilence(of taken: TakenCall) {
        state.withLock { $0.silences.removeValue(forKey: ObjectIdentifier(taken)) }?.cancel()
    }
}

// MARK: - Redaction

extension FunctionCallHandler {
    /// What the functions' policies and executors take out of events.
    package var redactors: [any EventRedactor] {
        (redactor.isEmpty ? [] : [redactor]) + secretKeepers.flatMap(\.redactors)
    }

    /// What the functions' programs inherit and may print, and what else their executors know.
    package var secrets: SecretValues { SecretValues(joining: secretKeepers.map(\.secrets)) }

    private var secretKeepers: [any SecretKeeping] {
        functions.flatMap { function in
            [function.executor as? any SecretKeeping, function.approval?.approver as? any SecretKeeping]
                .compactMap(\.self)
        }
    }
}
