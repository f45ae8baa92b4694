internal import EventJSON
package import RealtimeEvents

/// Why the router sent a client event, and for which handler and route. If the server's `error` names the event, the
/// error is attributed to this origin.
package struct EventOrigin: Sendable, Hashable {
    /// The origin of the event.
    package var sender: EventPurpose
    /// The handler that sent the event; nil if it is unknown.
    package var handler: String?
    /// The route whose delivery made the handler send the event; nil if it is unknown.
    package var route: String?

    /// Creates an origin. Nil for the handler or the route means unknown.
    package init(_ sender: EventPurpose, handler: String? = nil, route: String? = nil) {
        self.sender = sender
        self.handler = handler
        self.route = route
    }
}

/// A client event that may go to the server.
package struct OutgoingEvent: Sendable {
    /// What happens to an unsent event when the connection is renewed.
    package enum Renewal: Sendable, Hashable {
        /// It is sent on the new connection.
        case isSent
        /// It is dropped silently, because it is meaningless there: the rest of an answer, or a configuration that is
        /// sent again anyway.
        case isMoot
        /// It is dropped and reported, because the new session does not know the item or call that it refers to.
        case isLost
    }

    /// The event.
    package let event: ClientEvent
    /// The origin of the event.
    package let origin: EventOrigin
    /// What happens to the event if the connection is renewed before it was sent.
    package let renewal: Renewal

    /// Creates an outgoing event. By default the event's type determines `renewal`.
    package init(_ event: ClientEvent, _ origin: EventOrigin, renewal: Renewal? = nil) {
        self.event = event
        self.origin = origin
        self.renewal = renewal ?? (origin.sender == .handler ? Renewal(of: event) : .isMoot)
    }
}

extension OutgoingEvent.Renewal {
    fileprivate init(of event: ClientEvent) {
        switch event {
        case .conversationItemCreate(let create):
            self = create.item?.type == .functionCallOutput ? .isLost : .isSent
        case .conversationItemTruncate, .conversationItemDelete, .conversationItemRetrieve, .responseCancel:
            self = .isLost
        default: self = .isSent
        }
    }
}

extension ClientEvent {
    /// The conversation item that the event changes or retrieves; nil for other events.
    var existingItemID: String? {
        switch self {
        case .conversationItemTruncate(let event): event.itemID
        case .conversationItemDelete(let event): event.itemID
        case .conversationItemRetrieve(let event): event.itemID
        default: nil
        }
    }
}

/// A client event of the router that the server refused.
package struct RefusedRequest: Sendable {
    /// The event's `event_id`.
    package let eventID: String
    /// The event's type; nil if it is unknown.
    package let type: String?
    /// The origin of the event.
    package let origin: EventOrigin
    /// The severity of the server's error.
    package let errorClass: ErrorClass
    /// The server's code.
    package let code: String?
    /// The server's message.
    package let message: String?
    /// The parameter named in the server's error.
    package let parameter: String?
}

/// A client event of the router that was not sent.
package struct UnsentRequest: Sendable {
    /// The event.
    package let event: ClientEvent
    /// The origin of the event.
    package let origin: EventOrigin
    /// Why the event was not sent.
    package let reason: UnsentReason
    /// Whether the event carries a call's output, so that `router.function_call.done` reports the failure.
    package var isOfOutcome = false
    /// Whether the handler that supplied the outcome knows that the event was not sent.
    package var isKnownToHandler = false

    /// Creates a record of an unsent event.
    package init(_ event: ClientEvent, _ origin: EventOrigin, _ reason: UnsentReason) {
        self.event = event
        self.origin = origin
        self.reason = reason
    }

    /// Why the event was not sent, as a sentence for people.
    package var message: String {
        let json = event.json
        let what = json["item"]?["call_id"] != nil ? "call" : json["item_id"] != nil ? "item" : "response"
        let event = what == "call" ? "its output" : "the event"
        return switch reason {
        case .connectionLost:
            "The connection was lost before the server had confirmed the event, and it was not sent again."
        case .sessionReplaced: "Another session began, which does not know the \(what), so \(event) was not sent."
        case .answeredElsewhere: "Something else answered the call, so its output was not sent."
        default:
            "The connection was renewed, and the server's new session does not know the \(what), so \(event) was not sent."
        }
    }
}

/// A queue of events for the server. Each event gets an `event_id`, so that an error can name it.
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

    /// Creates an id for an event without one.
    mutating func nextID() -> String {
        lastNumber += 1
        return "rr_\(lastNumber)"
    }
}

extension ClientEvent {
    /// Returns the event with another `event_id`.
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
