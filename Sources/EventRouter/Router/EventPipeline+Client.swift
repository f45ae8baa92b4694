import EventJSON
import RealtimeEvents
import RealtimeSession

// What the client sends: it changes the session's state, and is no event for the rules.
extension EventPipeline {
    /// Takes a message of the client's, whose fields are in the slots.
    ///
    /// - Parameters:
    ///   - whole: The line as it came.
    ///   - sender: Who sent it, as far as its envelope says it. In a live session the router knows its own events by their ids.
    ///   - origin: What the router sent it for, where a recording says it.
    mutating func takeClient(
        _ text: RawSpan, _ line: EventBatch.Line, whole: RawSpan, _ at: Double?, sender: EnvelopeFields.Sender,
        origin: EventOrigin?
    ) {
        let isOwn = scope.session.isInteractive ? isOwn(text) : sender == .router
        // A live session has recorded its own events as they went out, and gives them to nobody when they come back.
        if !isOwn || !scope.session.isInteractive {
            let position = EventPosition(line: line.number)
            if isObserved { showClientEvent(position, at, event: text, line: whole) }
            if !table.clientAudioHandlers.isEmpty { deliverClientAudio(text, position, at) }
            if let recording {
                record(in: recording, .unknown, text, line, at, sender: isOwn ? .router : .client, origin)
            }
        }
        if !isOwn { counts.clientEvents += 1 }
        state.applyClient(
            table.sessionFields, &slots, text, line: line.number, at: at, arrival: live?.arrivedAt, isOwn: isOwn,
            origin: origin, into: &derived)
        dispatchDerived()
    }

    /// Whether a message is one that the router has sent in this live session: who sends what `--outbound` writes may give it back.
    mutating func isOwn(_ text: RawSpan) -> Bool { state.isOwn(table.sessionFields, &slots, text) }

    /// Shows the observer an event of the client, whose fields are in the slots.
    private mutating func showClientEvent(_ position: EventPosition, _ at: Double?, event: RawSpan, line: RawSpan) {
        guard let observer else { return }
        table.rules.match(.unknown, &slots, event, into: &matched, name: "")
        observer.observeClient(
            Dispatch(
                session: scope.session.key, position: position, type: type(.unknown, event), at: at,
                routes: matched.routes, handlers: []),
            event: event, line: line)
    }

    /// Delivers audio that the client sent, whose fields are in the slots, to the handlers that take it.
    private mutating func deliverClientAudio(_ text: RawSpan, _ position: EventPosition, _ at: Double?) {
        let type = table.envelope.type
        guard
            slots.equals(slot: type, in: text, "input_audio_buffer.append")
                || slots.equals(slot: type, in: text, "session.input_audio_buffer.append")
        else { return }
        let event = makeEvent(.unknown, text, position, at)
        for lane in table.clientAudioHandlers { deliver(event, [], to: lane, from: .client) }
    }
}
