internal import EventJSON
internal import RealtimeEvents

/// Builds the derived events of a session: knows the session's identity, the position in the source and the observed
/// types.
struct EventEmitter: Sendable {
    var observed: ObservedTypes
    var identity: SessionIdentity
    var clock = EventClock()
    var totals = SessionCounts()
    /// The emitted events, in order.
    private var events = DerivedEvents()

    init(_ configuration: SessionConfiguration) {
        observed = ObservedTypes(configuration.observed)
        identity = SessionIdentity(configuration, number: 1)
    }

    /// The emitter of the next session on the same source.
    init(after old: EventEmitter, _ configuration: SessionConfiguration, number: Int) {
        observed = old.observed
        identity = SessionIdentity(configuration, number: number)
        clock = old.clock
        clock.restart()
        events = old.events
    }

    /// Swaps the list of emitted events with the caller's list: before a step, so that the step appends to the caller's
    /// list, and again after it.
    mutating func swapEvents(with derived: inout DerivedEvents) {
        swap(&events, &derived)
    }

    /// Builds a derived event if its type is observed. The event's position is consumed in any case, so that positions
    /// do not depend on the observed types.
    mutating func emit<Payload: DerivedPayload>(
        _ type: EventType.Code, _ id: @autoclosure () -> String, turn: Int, cause: EventCause? = nil,
        call: CallReference? = nil, isReplayed: Bool = false, _ fill: (inout Payload) -> Void
    ) {
        let position = EventPosition(line: clock.line, derived: clock.nextDerivedIndex())
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

    /// Emits an event whose position was reserved earlier.
    mutating func emit(_ event: DerivedEvent) {
        events.append(event)
    }

    /// Emits an error about the current event.
    mutating func raise(
        _ errorClass: ErrorClass, _ source: ErrorSource, turn: Int, cause: EventCause? = nil,
        _ fill: (inout ErrorRaised) -> Void
    ) {
        totals.errors += 1
        let about =
            switch cause ?? clock.cause {
            case .event(let id): id
            case .line(let line): "line-\(line)"
            }
        emit(.routerErrorRaised, "error.raised/\(about)", turn: turn, cause: cause) { (body: inout ErrorRaised) in
            body.errorClass = errorClass
            body.source = source
            fill(&body)
        }
    }
}

/// The session's key, ids and labels: the source of each derived event's head.
struct SessionIdentity: Sendable {
    /// The caller's key; later sessions on the same source append `#2`, `#3`, ….
    let key: String
    private(set) var labels: [String: String]?
    /// The server's session id; nil until it is known.
    var id: String?
    var model: String?
    var kind: String?
    var transcriptionModel: String?

    init(_ configuration: SessionConfiguration, number: Int) {
        key =
            number == 1
            ? configuration.key : configuration.followingKey?(number) ?? "\(configuration.key)#\(number)"
        if number == 1 { id = configuration.sessionID }
        setLabels(configuration.labels)
    }

    mutating func setLabels(_ labels: [String: String]) {
        self.labels = labels.isEmpty ? nil : labels
    }

    /// Creates the head of a derived event.
    ///
    /// - Parameter id: The part of the event's id after the session's key.
    func head(_ type: EventType.Code, id: String, turn: Int, cause: EventCause) -> DerivedEventHeader {
        var head = DerivedEventHeader()
        head.type = EventType(type).name
        head.eventID = "\(key)/\(id)"
        head.session = key
        head.sessionID = self.id
        head.labels = labels
        head.turn = turn
        head.cause = cause
        return head
    }
}

/// The observed derived types as a bit set, because it is checked on every delta.
struct ObservedTypes: Sendable {
    private var bits: UInt32 = 0

    init(_ codes: Set<EventType.Code>) {
        for code in codes where code.isDerived {
            precondition(Self.bit(code) != 0, "there is no bit left for the derived type \(code)")
            bits |= Self.bit(code)
        }
    }

    func contains(_ code: EventType.Code) -> Bool {
        bits & Self.bit(code) != 0
    }

    var hasUtterances: Bool {
        contains(.routerUtteranceUpdated) || contains(.routerUtteranceHeard) || contains(.routerUtteranceDone)
            || contains(.routerUtteranceRevised)
    }

    private static func bit(_ code: EventType.Code) -> UInt32 {
        1 << UInt32(code.rawValue - EventType.Code.routerSessionStarted.rawValue)
    }
}

/// The counts of a session so far.
struct SessionCounts: Sendable {
    /// Event counts, indexed by type code.
    var byCode = [Int](repeating: 0, count: EventType.Code.allCases.count)
    var utterances = 0
    var turns = 0
    var responses = 0
    var interruptions = 0
    var calls = 0
    var errors = 0

    private var events: Int { byCode.reduce(0, +) }

    /// The counts as the payload of `router.session.ended`.
    var payload: SessionTotals {
        var totals = SessionTotals()
        totals.events = events
        totals.eventsByType = eventsByType
        totals.utterances = utterances
        totals.turns = turns
        totals.responses = responses
        totals.interruptions = interruptions
        totals.calls = calls
        totals.errors = errors
        return totals
    }

    private var eventsByType: JSONValue {
        var types = JSONObject()
        for code in EventType.Code.allCases where byCode[Int(code.rawValue)] > 0 {
            types[code == .unknown ? "other" : EventType(code).name] = .number(JSONNumber(byCode[Int(code.rawValue)]))
        }
        return .object(types)
    }
}
