internal import EventJSON
package import RealtimeEvents

/// What a client event of the router was sent for: an `error` of the server that names the event is tied to it.
package struct EventOrigin: Sendable, Hashable {
    /// What it was sent for.
    package var sender: EventSender
    /// The handler that sent it, where that is known.
    package var handler: String?
    /// The route that gave the handler the event upon which it was sent, where that is known.
    package var route: String?

    /// An origin; a handler without a name is one that is not known.
    package init(_ sender: EventSender, handler: String? = nil, route: String? = nil) {
        self.sender = sender
        self.handler = handler
        self.route = route
    }
}

/// A client event that may go to the server.
package struct OutgoingEvent: Sendable {
    /// What becomes of an event that was not sent before the connection was renewed.
    package enum Renewal: Sendable, Hashable {
        /// It is sent on the new connection.
        case isSent
        /// It is not sent, and means nothing there: the rest of an answer, or a configuration that is sent anew.
        case isMoot
        /// It is not sent, which is to be reported: the new session does not know what it is about.
        case isLost
    }

    /// The event.
    package let event: ClientEvent
    /// What it was sent for.
    package let origin: EventOrigin
    /// What becomes of it when the connection is renewed before it was sent.
    package let renewal: Renewal

    /// An event; by default its type says what a renewal of the connection makes of it.
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
    /// The item of the conversation that the event is to change or to show; nil for other events.
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
    /// The event's type; nil where it is not known.
    package let type: String?
    /// What it was sent for.
    package let origin: EventOrigin
    /// How bad the server's error is.
    package let errorClass: ErrorClass
    /// The server's code.
    package let code: String?
    /// The server's message.
    package let message: String?
    /// The parameter that the server complains about.
    package let parameter: String?
}

/// A client event of the router that was not sent.
package struct UnsentRequest: Sendable {
    /// The event.
    package let event: ClientEvent
    /// What it was to be sent for.
    package let origin: EventOrigin
    /// Why it was not sent.
    package let reason: UnsentReason
    /// Whether it is the output of an outcome, so that `router.function_call.done` says that it was not sent.
    package var isOfOutcome = false
    /// Whether the handler that gave the outcome knows it.
    package var isKnownToHandler = false

    /// A client event that was not sent.
    package init(_ event: ClientEvent, _ origin: EventOrigin, _ reason: UnsentReason) {
        self.event = event
        self.origin = origin
        self.reason = reason
    }

    /// Why the event was not sent, in words for people.
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
