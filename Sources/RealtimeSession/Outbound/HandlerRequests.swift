internal import EventJSON
package import RealtimeEvents

// The handlers' answers and requests, and the events for the server.
extension SessionState {
    /// Records that a handler took a ready call and will supply its outcome.
    package mutating func take(_ call: CallReference) {
        outbound.readyCalls.take(call)
    }

    /// Records that no handler took a ready call, so that no outcome is expected. In a live session the client answers
    /// it.
    ///
    /// A handler may still answer it with ``complete(_:origin:into:)``.
    package mutating func decline(_ call: CallReference) {
        outbound.decline(call, at: emitter.clock.now)
    }

    /// Applies the outcome of a call, and emits `router.function_call.done` at the position that was reserved after the
    /// call's `router.function_call.ready`. Ignores the outcome of a call that was never ready or already has one.
    ///
    /// An output is not sent if the server no longer knows the call; the event reports that.
    ///
    /// - Parameters:
    ///   - outcome: The outcome.
    ///   - origin: Why the output is sent.
    ///   - derived: Receives the derived events, in order.
    package mutating func complete(
        _ outcome: FunctionCallOutcome, origin: EventOrigin = EventOrigin(.handler), into derived: inout DerivedEvents
    ) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        guard let call = outcome.reference.flatMap({ outbound.readyCalls.complete($0) }) else { return }
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
        outbound.answer(call, outcome, origin)
    }

    /// Requests a filler response while a taken call runs. The model gives one filler for all calls of a response, as
    /// soon as no response is active. It gives none if the call is answered before that. Has no effect in a recording.
    package mutating func speak(
        _ parameters: ResponseParameters, whileWaitingFor call: CallReference,
        origin: EventOrigin = EventOrigin(.handler)
    ) {
        guard let call = outbound.readyCalls.taken(call) else { return }
        outbound.sequencer.addFiller(call.answer, parameters, origin)
    }

    /// Queues a handler's event for the server.
    ///
    /// The event is sent immediately, except for a `response.create`. Unless that is out of band, it waits until no
    /// response is active, no create of the client is in flight and the client has no unanswered call. A
    /// `function_call_output` counts as the answer to its call.
    ///
    /// An event about a call or an item of an earlier connection is not sent: see ``takeUnsent()``.
    package mutating func send(_ event: ClientEvent, origin: EventOrigin = EventOrigin(.handler)) {
        guard origin.sender == .handler, let reason = unsentReason(of: event) else {
            return outbound.send(event, origin)
        }
        unsent.append(UnsentRequest(event, origin, reason))
    }

    private mutating func unsentReason(of event: ClientEvent) -> UnsentReason? {
        guard configuration.isInteractive, conversation.isOnNewConnection else { return nil }
        if let id = event.existingItemID { return conversation.isOnConnection(IDKey(id)) ? nil : .connectionRenewed }
        if case .conversationItemCreate(let create) = event, let id = create.item?.id {
            conversation.noteItemOnConnection(IDKey(id))
        }
        return outbound.unsentReason(of: event)
    }

    /// Requests a response from the model. Requests that wait at the same time are served by one `response.create`.
    package mutating func requestResponse(origin: EventOrigin = EventOrigin(.handler)) {
        outbound.sequencer.requestResponse(origin)
    }

    /// Returns the next event that may go to the server now; nil if there is none.
    package mutating func nextOutbound() -> OutgoingEvent? {
        outbound.next(at: emitter.clock.now)
    }

    /// Records an event that is sent to the server before all events that ``nextOutbound()`` returns.
    package mutating func note(leading event: OutgoingEvent) { outbound.note(event) }

    /// Records that the connection is lost permanently, so that no call can be answered.
    package mutating func endConnection() {
        if configuration.isInteractive { outbound.readyCalls.abandonAll(.connectionLost) }
    }

    /// Returns the client events that were not sent since the last call.
    package mutating func takeUnsent() -> [UnsentRequest] {
        guard !unsent.isEmpty else { return [] }
        defer { unsent = [] }
        return unsent
    }

    /// Returns the client events that the server refused since the last call.
    package mutating func takeRefused() -> [RefusedRequest] {
        guard !refused.isEmpty else { return [] }
        defer { refused = [] }
        return refused
    }

    /// Emits an error about a client event that was not sent.
    package mutating func emitUnsentError(_ request: UnsentRequest, into derived: inout DerivedEvents) {
        guard hasStarted else { return }
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        let json = request.event.json
        let callID = json["item"]?["call_id"]?.string
        unsentCount += 1
        emitter.totals.errors += 1
        emitter.emit(.routerErrorRaised, "error.raised/unsent/\(unsentCount)", turn: turn) {
            (body: inout ErrorRaised) in
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
