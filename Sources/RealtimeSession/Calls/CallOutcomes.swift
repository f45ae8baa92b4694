internal import RealtimeEvents

extension SessionState {
    /// Offers a call to the handlers, and reserves the positions of its later events.
    mutating func offer(_ call: PendingCalls.Call, _ reference: CallReference) {
        let ready = readyCall(call, reference)
        outbound.readyCalls.add(ready)
        noteOfferedCall()
        let response = call.response.flatMap { responses[$0] }
        let isComplete = endReason != nil ? true : response?.status.map { $0 == "completed" }
        outbound.sequencer.add(ready.answer, response: response.map { ($0.key, $0.id) }, isComplete: isComplete)
    }

    /// Creates a ready call with reserved positions for its later events.
    private mutating func readyCall(_ call: PendingCalls.Call, _ reference: CallReference) -> ReadyCalls.Call {
        let number = outbound.readyCalls.nextNumber()
        let prefix = sessionCount == 1 ? "rr" : "rr\(sessionCount)"
        let cause = emitter.clock.cause
        return ReadyCalls.Call(
            number: number, reference: reference, name: call.name, responseID: call.responseID, itemID: call.itemID,
            at: emitter.clock.at,
            doneHead: emitter.identity.head(
                .routerFunctionCallDone, id: "function_call.done/\(call.label)", turn: call.turn, cause: cause),
            errorHead: emitter.identity.head(
                .routerErrorRaised, id: "error.raised/\(call.label)", turn: call.turn, cause: cause),
            donePosition: EventPosition(line: emitter.clock.line, derived: emitter.clock.nextDerivedIndex()),
            errorPosition: EventPosition(line: emitter.clock.line, derived: emitter.clock.nextDerivedIndex()),
            answer: ResponseSequencer.Call(number: number, reference: reference, idPrefix: prefix))
    }

    /// Holds a call that the recording's client answered until the line with its output. No handler runs and nothing is
    /// sent, because that client sent the output.
    mutating func replay(
        _ call: PendingCalls.Call, _ key: CallKey, _ reference: CallReference, _ output: String
    ) {
        if let response = call.response { outbound.sequencer.clientAnswered(in: response) }
        let ready = readyCall(call, reference)
        setUserIdlePause(.call, true)
        if outbound.replayedCalls.add(ready, key, output: output) == .answered { emitReplayed(ready, output) }
    }

    /// Emits the outcome of a call that the recording's client answered.
    mutating func emitReplayed(_ call: ReadyCalls.Call, _ output: String) {
        let outcome = FunctionCallOutcome(of: call.reference, state: .replayed, output: output)
        emitDone(call, outcome, isReplayed: true)
    }

    /// Emits the outcomes of the replayed calls whose output line never arrived.
    mutating func settleReplayedCalls() {
        for (call, output) in outbound.replayedCalls.takeAll() { emitReplayed(call, output) }
    }

    mutating func emitDone(
        _ call: ReadyCalls.Call, _ outcome: FunctionCallOutcome, isReplayed: Bool = false
    ) {
        if emitter.observed.contains(.routerFunctionCallDone) {
            var body = outcome
            body.occurrence = call.reference.laterOccurrence
            body.head = call.doneHead
            body.name = outcome.name ?? call.name
            emitter.emit(
                DerivedEvent(
                    code: .routerFunctionCallDone, position: call.donePosition, at: call.at, bytes: body.jsonBytes,
                    call: call.reference, isReplayed: isReplayed))
        }
        guard let state = outcome.state, [.failed, .timedOut, .rejected].contains(state) else { return }
        emitter.totals.errors += 1
        guard emitter.observed.contains(.routerErrorRaised) else { return }
        var body = ErrorRaised()
        body.head = call.errorHead
        body.errorClass = .turn
        body.source = .functionCall
        body.code = state.rawValue
        body.message = outcome.error
        body.callID = call.callID
        body.occurrence = call.reference.laterOccurrence
        body.itemID = call.itemID
        body.responseID = call.responseID
        emitter.emit(
            DerivedEvent(
                code: .routerErrorRaised, position: call.errorPosition, at: call.at, bytes: body.jsonBytes,
                call: call.reference))
    }
}
