import EventJSON
import RealtimeEvents
import RealtimeSession

// Routing of client events, which also update the session's state.
extension EventPipeline {
    /// Routes a client event, whose fields are in the slots.
    ///
    /// - Parameters:
    ///   - receivedLine: The line as it was received.
    ///   - sender: The sender in its envelope. In a live session the router recognises its own events by their ids.
    ///   - origin: The recorded origin of an event that the router sent; nil if there is none.
    mutating func takeClient(
        _ text: RawSpan, _ line: EventBatch.Line, receivedLine: RawSpan, _ at: Double?, sender: EnvelopeFields.Sender,
        origin: EventOrigin?
    ) {
        let isOwn = scope.session.isInteractive ? isOwn(text) : sender == .router
        // In a live session, the router's own events were recorded when they were sent, and are not routed when they
        // arrive again as input.
        let isNew = !isOwn || !scope.session.isInteractive
        if isNew, let recording {
            record(in: recording, .unknown, text, line, at, sender: isOwn ? .router : .client, origin)
        }
        if !isOwn {
            counts.clientEvents += 1
            scope.sequence += 1
        }
        state.applyClient(
            table.sessionFields, &slots, text, line: line.number, at: at, arrival: live?.arrivedAt, isOwn: isOwn,
            origin: origin, into: &derived)
        if isNew { dispatchClient(text, EventPosition(line: line.number), at, line: receivedLine, isOwn: isOwn) }
        dispatchDerived()
    }

    /// Whether the router itself sent a message in this live session. A program that sends the output of `--outbound`
    /// may pass it back.
    mutating func isOwn(_ text: RawSpan) -> Bool { state.isOwn(table.sessionFields, &slots, text) }

    /// Delivers a client event, whose fields are in the slots, to the handlers of all routes that match, and audio to
    /// handlers that take client audio. Notifies the observer.
    ///
    /// - Parameters:
    ///   - line: The line as it was received.
    ///   - isOwn: Whether the router sent it, according to a recording.
    private mutating func dispatchClient(
        _ text: RawSpan, _ position: EventPosition, _ at: Double?, line: RawSpan, isOwn: Bool
    ) {
        if !deliveries.isEmpty { deliveries.removeAll(keepingCapacity: true) }
        if isObserved { dispatched = ([], []) }
        if let routes = table.compiledRoutes.client, !isOwn || options.routesOwnEvents {
            var name = ""
            if routes.needsTypeNames || explainer != nil {
                name = slots.string(slot: table.envelope.type, in: text) ?? ""
            }
            routes.match(&slots, text, into: &clientMatched)
            if !clientMatched.routes.isEmpty || explainer != nil {
                _ = fire(clientMatched.routes, .unknown, name, text, position, at, from: .client)
            }
            deliverClient(text, position, at)
        }
        if isObserved { showClientEvent(position, at, event: text, line: line) }
        if !table.clientAudioHandlers.isEmpty { deliverClientAudio(text, position, at) }
    }

    /// Delivers a client event to the handlers of the routes that fired.
    private mutating func deliverClient(_ text: RawSpan, _ position: EventPosition, _ at: Double?) {
        guard !deliveries.isEmpty else { return }
        let event = table.redaction.redacted(makeClientEvent(text, position, at))
        for (handler, routes) in deliveries { deliver(event, routes, to: handler, from: .client) }
    }

    /// Notifies the observer of a client event, whose fields are in the slots.
    private mutating func showClientEvent(_ position: EventPosition, _ at: Double?, event: RawSpan, line: RawSpan) {
        guard let observer else { return }
        observer.observeClient(
            Dispatch(
                session: scope.session.key, position: position, type: clientType(event), at: at,
                routes: dispatched.routes,
                handlers: dispatched.handlers),
            event: event, line: line)
    }

    /// Delivers client audio, whose fields are in the slots, to handlers that take it and that no route sent it to.
    private mutating func deliverClientAudio(_ text: RawSpan, _ position: EventPosition, _ at: Double?) {
        let type = table.envelope.type
        guard
            slots.equals(slot: type, in: text, "input_audio_buffer.append")
                || slots.equals(slot: type, in: text, "session.input_audio_buffer.append")
        else { return }
        let event = makeClientEvent(text, position, at)
        for handler in table.clientAudioHandlers where !deliveries.contains(where: { $0.handler == handler }) {
            deliver(event, [], to: handler, from: .client)
        }
    }

    /// The type of a client event. It is never a server or derived event's type, whatever its name.
    private mutating func clientType(_ text: RawSpan) -> EventType {
        EventType(ofClient: slots.string(slot: table.envelope.type, in: text) ?? "")
    }

    mutating func makeClientEvent(_ text: RawSpan, _ position: EventPosition, _ at: Double?) -> RealtimeEvent {
        let type = clientType(text)
        return RealtimeEvent(
            bytes: text.withUnsafeBytes { [UInt8]($0) }, type: type, wireType: type.name, position: position, at: at,
            dialect: state.dialect)
    }
}
