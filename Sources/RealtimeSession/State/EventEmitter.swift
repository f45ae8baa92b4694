internal import EventJSON
internal import RealtimeEvents

/// Builds the derived events of a session: it knows which session it is, where in its source it is, and who listens.
struct EventEmitter: Sendable {
    var observed: ObservedTypes
    var identity: SessionIdentity
    var clock = EventClock()
    var totals = SessionCounts()
    /// The events that were emitted, in order.
    private var events = DerivedEvents()

    init(_ configuration: SessionConfiguration) {
        observed = ObservedTypes(configuration.observed)
        identity = SessionIdentity(configuration, number: 1)
    }

    /// The emitter of the session that follows on the same source.
    init(after old: EventEmitter, _ configuration: SessionConfiguration, number: Int) {
        observed = old.observed
        identity = SessionIdentity(configuration, number: number)
        clock = old.clock
        clock.restart()
        events = old.events
    }

    /// Exchanges the emitted events with a caller's list: before a step, so that the step fills that list, and after it.
    mutating func exchangeEvents(with derived: inout DerivedEvents) {
        swap(&events, &derived)
    }

    /// Builds a derived event, if somebody listens to its type. It takes its place on the line in any case, so that positions
    /// do not depend on who listens.
    mutating func emit<Payload: DerivedPayload>(
        _ type: EventType.Code, _ id: @autoclosure () -> String, turn: Int, cause: EventCause? = nil,
        call: CallReference? = nil, isReplayed: Bool = false, _ fill: (inout Payload) -> Void
    ) {
        let position = EventPosition(line: clock.line, derived: clock.nextPlace())
        guard observed.contains(type) else { return }
        var payload = Payload()
        payload.head = identity.head(type, id: id(), turn: turn, cause: cause ?? clock.cause)
        fill(&payload)
        var writer = JSONWriter(capacity: 512)
        payload.writeFields(to: &writer)
        events.append(
            DerivedEvent(
                code: type, position: position, at: clock.at, bytes: writer.bytes, call: call, isReplayed: isReplayed))
    }

    /// Emits an event whose place was kept for it.
    mutating func emit(_ event: DerivedEvent) {
        events.append(event)
    }

    /// Emits an error about the event that the session is at.
    mutating func raise(
        _ errorClass: ErrorClass, _ source: ErrorSource, turn: Int, cause: EventCause? = nil,
        _ fill: (inout RaisedError) -> Void
    ) {
        totals.errors += 1
        let about =
            switch cause ?? clock.cause {
            case .event(let id): id
            case .line(let line): "line-\(line)"
            }
        emit(.routerErrorRaised, "error.raised/\(about)", turn: turn, cause: cause) { (body: inout RaisedError) in
            body.errorClass = errorClass
            body.source = source
            fill(&body)
        }
    }
}
