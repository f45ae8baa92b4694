internal import RealtimeEvents

// Reports calls that are not run, so that none disappears silently.
extension SessionState {
    static let incomplete = "The call is incomplete, so it was not run."

    static func ended(_ status: String) -> String {
        "The call's response ended with the status `\(status)`, so the call was not run."
    }

    /// Drops a call that will never be ready, and reports it.
    mutating func drop(_ key: CallKey, _ reason: @autoclosure () -> String) {
        guard let call = calls.settle(key, .notRun) else { return }
        raiseNotRun(call, reason())
    }

    /// Reports a call that will not run. A call that no response made is history that a client restored; it is not
    /// reported.
    mutating func raiseNotRun(_ call: PendingCalls.Call, code: String = "not_run", _ message: String) {
        guard call.response != nil else { return }
        emitter.totals.errors += 1
        emitter.emit(.routerErrorRaised, "error.raised/\(call.label)/\(code)", turn: call.turn) {
            (body: inout ErrorRaised) in
            body.errorClass = .benign
            body.source = .functionCall
            body.code = code
            body.message = message
            body.callID = call.callID
            body.occurrence = call.laterOccurrence
            body.itemID = call.itemID
            body.responseID = call.responseID
        }
    }

    /// Reports a call without a `call_id`, which cannot be answered. Reports each such call once.
    mutating func raiseMissingCallID(itemID: String, response: IDKey?) {
        let responseID = response.flatMap { responses[$0]?.id }
        guard calls.reportedWithoutID.insert(IDKey("\(responseID ?? "")/\(itemID)")).isNew else { return }
        emitter.raise(.benign, .functionCall, turn: turn) { body in
            body.code = "call_without_id"
            body.message = "The call has no `call_id`, so nobody can answer it, and it was not run."
            body.itemID = itemID.isEmpty ? nil : itemID
            body.responseID = responseID
        }
    }

    /// Reports frames that were taken for a repetition but may have carried another call.
    mutating func raiseRepetitions() {
        for repetition in calls.takeRepetitions() {
            let occurrence = repetition.key.occurrence
            let label = CallReference.label(repetition.callID, occurrence: occurrence)
            emitter.totals.errors += 1
            emitter.emit(.routerErrorRaised, "error.raised/\(label)/repeated", turn: turn) {
                (body: inout ErrorRaised) in
                body.errorClass = .benign
                body.source = .functionCall
                body.code = "repeated"
                body.message =
                    repetition.hasOtherArguments
                    ? "The call came again with other arguments, and its ids do not show that it is another call, so it was not run again."
                    : "The call came again, and its ids do not show that it is another call, so it was not run again."
                body.callID = repetition.callID
                body.occurrence = occurrence > 1 ? occurrence : nil
                body.itemID = repetition.itemID
                body.responseID = repetition.responseID
            }
        }
    }
}
