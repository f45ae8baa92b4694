internal import EventJSON
internal import RealtimeEvents

/// Events on their way to the server, in order. Each has an `event_id`, so that an error can name it.
struct OutboundQueue: Sendable {
    private var events: [OutgoingEvent] = []
    private var first = 0
    private var lastNumber = 0

    mutating func append(_ event: ClientEvent, _ origin: EventOrigin, renewal: OutgoingEvent.Renewal? = nil) {
        events.append(
            OutgoingEvent(event.eventID == nil ? event.withEventID(nextID()) : event, origin, renewal: renewal))
    }

    mutating func popFirst() -> OutgoingEvent? {
        guard first < events.count else { return nil }
        let event = events[first]
        first += 1
        if first == events.count {
            events.removeAll(keepingCapacity: true)
            first = 0
        }
        return event
    }

    /// An id for an event that has none of its own.
    mutating func nextID() -> String {
        lastNumber += 1
        return "rr_\(lastNumber)"
    }
}

extension ClientEvent {
    /// The same event with another `event_id`.
    func withEventID(_ id: String) -> ClientEvent {
        switch self {
        case .conversationItemCreate(var payload):
            payload.eventID = id
            return .conversationItemCreate(payload)
        case .responseCreate(var payload):
            payload.eventID = id
            return .responseCreate(payload)
        default:
            guard case .object(var object) = json else { return self }
            object["event_id"] = .string(id)
            return .other(.object(object))
        }
    }
}
