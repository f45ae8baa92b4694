public import EventJSON

/// The body of an event that the session derived from the server's: a ``WireObject`` with a common head.
public protocol DerivedPayload: WireObject {
    /// The type of the events that carry it when the type is not said: `router.utterance.done` for ``Utterance``.
    static var eventType: EventType { get }

    /// What all derived events carry.
    var head: DerivedHead { get set }
}

/// What every derived event carries, in the same object as its body.
///
/// It is not a payload of its own: ``DerivedPayload``s code it in front of their fields.
public struct DerivedHead: Sendable, Hashable {
    /// The event's type, such as `router.utterance.done`.
    public var type: String?
    /// The event's id: made of what the event is about, and equal in every replay of the same source. A handler that must
    /// not do a thing twice remembers it.
    public var eventID: String?
    /// The key of the session, which the router owns: the recording's name, the call's id, or what the caller gave. The
    /// second session of one source has `#2` behind it.
    public var session: String?
    /// The server's id of the session, once it is known.
    public var sessionID: String?
    /// The labels that the session was given.
    public var labels: [String: String]?
    /// The turn that the event belongs to, from 1; 0 before the user first spoke.
    public var turn: Int?
    /// The wire event that made this one.
    public var cause: EventCause?

    /// A head without fields.
    public init() {}

    /// Passes every field to the coder; see ``WireObject/code(_:)``.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("event_id", &eventID)
        coder.field("session", &session)
        coder.field("session_id", &sessionID)
        coder.field("labels", &labels)
        coder.field("turn", &turn)
        coder.field("cause", &cause)
    }
}

/// The wire event behind a derived event: a string or a number in JSON.
public enum EventCause: WireValue {
    /// The `event_id` that the server gave it.
    case event(String)
    /// The line it stands on, from 1, when it has no `event_id`.
    case line(Int)

    /// Decodes a string or a whole number.
    public init?(json: JSONValue) {
        if let id = json.string {
            self = .event(id)
        } else if let line = json.int {
            self = .line(line)
        } else {
            return nil
        }
    }

    /// Decodes a string or a whole number.
    public init?(reading reader: inout JSONReader) {
        if let id = reader.string() {
            self = .event(id)
        } else if let line = reader.int() {
            self = .line(line)
        } else {
            return nil
        }
    }

    /// The id as a string, or the line as a number.
    public var json: JSONValue {
        switch self {
        case .event(let id): .string(id)
        case .line(let line): .number(JSONNumber(line))
        }
    }

    /// Writes the id as a string, or the line as a number.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .event(let id): writer.string(id)
        case .line(let line): writer.int(line)
        }
    }

    /// A string or an integer.
    public static var shape: WireShape { .oneOf([.string, .integer]) }
}
