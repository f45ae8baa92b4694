internal import EventJSON
public import RealtimeEvents

// What handlers answer, and what goes to the server.
extension SessionState {
    /// Says that a handler took a ready call: its outcome is owed.
    public mutating func take(_ call: CallReference) {
        readyCalls.take(call)
    }

    /// Says that no handler took a ready call: it is not owed. In a live session it is the client's.
    ///
    /// A handler may answer it all the same with ``complete(_:into:)``.
    public mutating func decline(_ call: CallReference) {
        guard let call = readyCalls.decline(call) else { return }
        if configuration.isInteractive {
            sequencer.leaveToClient(call.number, at: clock.now)
        } else {
            sequencer.answer(call.number, .none)
        }
    }

    /// Takes the outcome of a call in, and gives `router.function_call.done` at the place that was kept for it behind the
    /// call's `router.function_call.ready`. An outcome of a call that was never ready, or that has one, is ignored.
    public mutating func complete(_ outcome: FunctionCallOutcome, into derived: inout DerivedEvents) {
        guard let call = outcome.reference.flatMap({ readyCalls.complete($0) }) else { return }
        tellDone(call, outcome, into: &derived)
        guard let output = outcome.output, !call.isAnsweredElsewhere else {
            return sequencer.answer(call.number, .none)
        }
        ownOutputs.note(IDKey(call.callID))
        if sequencer.isOpen(call.number) {
            sequencer.answer(call.number, .output(output, wantsResponse: outcome.wantsResponse))
        } else {
            sequencer.answerLate(call.answer, output, wantsResponse: outcome.wantsResponse)
        }
    }

    /// Takes the wish that the model says something while a call runs that a handler took. It does so once for the calls of a
    /// response, as soon as no response is active, and not when the call is answered by then. A recording says nothing.
    public mutating func speak(_ parameters: ResponseParameters, whileWaitingFor call: CallReference) {
        guard let call = readyCalls.taken(call) else { return }
        sequencer.fill(call.answer, parameters)
    }

    /// Takes a handler's event for the server.
    ///
    /// It goes out at once, but for a `response.create`: unless it is out of band, that waits until no response is active, no create
    /// of the client's is in flight and no call of the client's is unanswered.
    /// A `function_call_output` counts as the answer to its call.
    public mutating func send(_ event: ClientEvent) {
        if case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        {
            ownOutputs.note(IDKey(callID))
            if let call = readyCalls.answerElsewhere(IDKey(callID)) { sequencer.answer(call.number, .none) }
        }
        sequencer.send(event)
    }

    /// Takes a handler's wish that the model speaks. Wishes that wait together are served by one `response.create`.
    public mutating func requestResponse() {
        sequencer.requestResponse()
    }

    /// The next event that may go to the server now; nil when there is none.
    public mutating func nextOutbound() -> ClientEvent? {
        if let now = clock.now { sequencer.client.giveUp(at: now) }
        guard let event = sequencer.next() else { return nil }
        if configuration.isInteractive, let id = event.eventID { ownEvents.insert(IDKey(id)) }
        return event
    }

    /// Offers a call to the handlers, and keeps the places of what comes of it.
    mutating func offer(_ call: CallLedger.Gathering, _ reference: CallReference) {
        let number = readyCalls.nextNumber()
        let prefix = sessionCount == 1 ? "rr" : "rr\(sessionCount)"
        let answer = ResponseSequencer.Call(number: number, reference: reference, idPrefix: prefix)
        let cause = clock.cause
        readyCalls.add(
            ReadyCalls.Call(
                number: number, reference: reference, name: call.name, responseID: call.responseID, itemID: call.itemID,
                at: clock.at,
                doneHead: identity.head(
                    .routerFunctionCallDone, id: "function_call.done/\(call.label)", turn: call.turn, cause: cause),
                errorHead: identity.head(
                    .routerErrorRaised, id: "error.raised/\(call.label)", turn: call.turn, cause: cause),
                donePosition: EventPosition(line: clock.line, derived: clock.nextPlace()),
                errorPosition: EventPosition(line: clock.line, derived: clock.nextPlace()), answer: answer))
        let response = call.response.flatMap { responses[$0] }
        let isComplete = endReason != nil ? true : response?.status.map { $0 == "completed" }
        sequencer.add(answer, response: response.map { ($0.key, $0.id) }, isComplete: isComplete)
    }

    private mutating func tellDone(
        _ call: ReadyCalls.Call, _ outcome: FunctionCallOutcome, into derived: inout DerivedEvents
    ) {
        if observed.contains(.routerFunctionCallDone) {
            var body = outcome
            body.occurrence = call.reference.laterOccurrence
            body.head = call.doneHead
            body.name = outcome.name ?? call.name
            derived.append(
                DerivedEvent(
                    code: .routerFunctionCallDone, position: call.donePosition, at: call.at, bytes: body.jsonBytes,
                    call: call.reference))
        }
        guard let state = outcome.state, [.failed, .timedOut, .rejected].contains(state) else { return }
        totals.errors += 1
        guard observed.contains(.routerErrorRaised) else { return }
        var body = RaisedError()
        body.head = call.errorHead
        body.errorClass = .turn
        body.source = .functionCall
        body.code = state.rawValue
        body.message = outcome.error
        body.callID = call.callID
        body.occurrence = call.reference.laterOccurrence
        body.itemID = call.itemID
        body.responseID = call.responseID
        derived.append(
            DerivedEvent(
                code: .routerErrorRaised, position: call.errorPosition, at: call.at, bytes: body.jsonBytes,
                call: call.reference))
    }
}
