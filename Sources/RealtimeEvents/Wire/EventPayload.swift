/// The payload of an event, to or from the server.
public protocol EventPayload: WireObject {
    /// The event's type and id.
    var head: EventHeader { get set }
}

extension EventPayload {
    /// The type's name on the wire, which may be a beta name.
    public var type: String? {
        get { head.type }
        set { head.type = newValue }
    }

    /// The id that the sender gave the event.
    public var eventID: String? {
        get { head.eventID }
        set { head.eventID = newValue }
    }
}

/// The fields that every event shares.
public struct EventHeader: Sendable, Hashable {
    /// The type's name on the wire, which may be a beta name.
    public var type: String?
    /// The id that the sender gave the event.
    public var eventID: String?

    /// A head whose fields are nil.
    public init() {}

    /// Encodes or decodes the fields, which are in the same object as the payload's.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("event_id", &eventID)
    }
}
