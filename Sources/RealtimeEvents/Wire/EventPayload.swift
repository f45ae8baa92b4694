/// The payload of an event, to or from the server.
public protocol EventPayload: WireObject {
    /// The type and the id.
    var head: EventHead { get set }
}

extension EventPayload {
    /// The type's name as it came, which may be a beta name.
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

/// What every event begins with.
public struct EventHead: Sendable, Hashable {
    /// The type's name as it came, which may be a beta name.
    public var type: String?
    /// The id that the sender gave the event.
    public var eventID: String?

    /// A head whose fields are nil.
    public init() {}

    /// Codes the fields in line with the payload's.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("event_id", &eventID)
    }
}
