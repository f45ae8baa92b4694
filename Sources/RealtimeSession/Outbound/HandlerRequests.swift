internal import EventJSON
package import RealtimeEvents

// What handlers answer, and what goes to the server.
extension SessionState {
    /// Says that a handler took a ready call: its outcome is owed.
    package mutating func take(_ call: CallReference) {
        answering.readyCalls.take(call)
    }

    /// Says that no handler took a ready call: it is not owed. In a live session it is the client's.
    ///
    /// A handler may answer it all the same with ``complete(_:into:)``.
    package mutating func decline(_ call: CallReference) {
        answering.decline(call, at: emitter.clock.now)
    }

    /// Takes the outcome of a call in, and gives `router.function_call.done` at the place that was kept for it behind the
    /// call's `router.function_call.ready`. An outcome of a call that was never ready, or that has one, is ignored.
    ///
    /// The output of a call that the server does not know any more is not sent: the event says so.
    ///
    /// - Parameters:
    ///   - outcome: The outcome.
    ///   - origin: What its output is sent for.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func complete(
        _ outcome: FunctionCallOutcome, origin: EventOrigin = EventOrigin(.handler), into derived: inout DerivedEvents
    ) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        guard let call = outcome.reference.flatMap({ answering.readyCalls.complete($0) }) else { return }
        var outcome = outcome
        if let output = outcome.output {
            if let reason = call.unsent, reason != .answeredElsewhere {
                var request = UnsentRequest(
                    .functionCallOutput(output, callID: call.callID, eventID: call.answer.eventID("output")), origin,
                    reason)
                request.isOfOutcome = true
                request.isKnownToHandler = outcome.sent == false
                unsent.append(request)
            }
            outcome.sent = call.unsent == nil ? nil : false
            outcome.unsentReason = call.unsent
        }
        emitDone(call, outcome)
        answering.answer(call, outcome, origin)
    }

    /// Takes the wish that the model says something while a call runs that a handler took. It does so once for the calls of a
    /// response, as soon as no response is active, and not when the call is answered by then. A recording says nothing.
    package mutating func speak(
        _ parameters: ResponseParameters, whileWaitingFor call: CallReference,
        origin: EventOrigin = EventOrigin(.handler)
    ) {
        guard let call = answering.readyCalls.taken(call) else { return }
        answering.sequencer.fill(call.answer, parameters, origin)
    }

    /// Takes a handler's event for the server.
    ///
    /// It goes out at once, but for a `response.create`: unless it is out of band, that waits until no response is active, no create
    /// of the client's is in flight and no call of the client's is unanswered.
    /// A `function_call_output` counts as the answer to its call.
    ///
    /// An event that is about a call or an item of the connection before the last is not sent: see ``takeUnsent()``.
    package mutating func send(_ event: ClientEvent, origin: EventOrigin = EventOrigin(.handler)) {
        guard origin.sender == .handler, let reason = unsentReason(of: event) else {
            return answering.send(event, origin)
        }
        unsent.append(UnsentRequest(event, origin, reason))
    }

    private mutating func unsentReason(of event: ClientEvent) -> UnsentReason? {
        guard configuration.isInteractive, conversation.isOnNewConnection else { return nil }
        if let id = event.existingItemID { return conversation.isOfConnection(IDKey(id)) ? nil : .connectionRenewed }
        if case .conversationItemCreate(let create) = event, let id = create.item?.id {
            conversation.noteItemOfConnection(IDKey(id))
        }
        return answering.unsentReason(of: event)
    }

    /// Takes a handler's wish that the model speaks. Wishes that wait together are served by one `response.create`.
    package mutating func requestResponse(origin: EventOrigin = EventOrigin(.handler)) {
        answering.sequencer.requestResponse(origin)
    }

    /// The next event that may go to the server now; nil when there is none.
    package mutating func nextOutbound() -> OutgoingEvent? {
        answering.next(at: emitter.clock.now)
    }

    /// Notes an event that goes to the server before all that ``nextOutbound()`` gives.
    package mutating func note(leading event: OutgoingEvent) { answering.note(event) }

    /// Says that the connection is gone for good: no call can be answered.
    package mutating func endConnection() {
        if configuration.isInteractive { answering.readyCalls.abandonAll(.connectionLost) }
    }

    /// The client events that were not sent since this was asked last.
    package mutating func takeUnsent() -> [UnsentRequest] {
        guard !unsent.isEmpty else { return [] }
        defer { unsent = [] }
        return unsent
    }

    /// The client events of which the server said since this was asked last that it refuses them.
    package mutating func takeRefused() -> [RefusedRequest] {
        guard !refused.isEmpty else { return [] }
        defer { refused = [] }
        return refused
    }

    /// Emits an error about a client event that was not sent.
    package mutating func raiseUnsent(_ request: UnsentRequest, into derived: inout DerivedEvents) {
        guard hasStarted else { return }
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        let json = request.event.json
        let callID = json["item"]?["call_id"]?.string
        unsentCount += 1
        emitter.totals.errors += 1
        emitter.emit(.routerErrorRaised, "error.raised/unsent/\(unsentCount)", turn: turn) {
            (body: inout RaisedError) in
            body.errorClass = .turn
            body.source = callID == nil ? .outbound : .functionCall
            body.code = "unsent"
            body.message = request.message
            body.clientEventID = request.event.eventID
            body.sentBy = request.origin.sender
            body.handler = request.origin.handler
            body.route = request.origin.route
            body.itemID = json["item_id"]?.string
            body.responseID = json["response_id"]?.string
            body.callID = callID
        }
    }
}
