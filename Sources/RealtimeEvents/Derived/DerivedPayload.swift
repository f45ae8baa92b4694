public import EventJSON

/// The body of a derived event: a ``WireObject`` with a common head.
public protocol DerivedPayload: WireObject {
    /// The default event type of the payload, such as `router.utterance.done` for ``Utterance``.
    static var eventType: EventType { get }

    /// The fields that all derived events share.
    var head: DerivedEventHeader { get set }
}

/// The fields that all derived events share. They are in the same JSON object as the body.
///
/// A head is not a payload itself: each ``DerivedPayload`` encodes or decodes it before its own fields.
public struct DerivedEventHeader: Sendable, Hashable {
    /// The event's type, such as `router.utterance.done`.
    public var type: String?
    /// The event's id. It is derived from the subject's ids, such as the session's key and an item's id, so it is the
    /// same in every replay of the source. A handler that must not do something twice can remember it.
    public var eventID: String?
    /// The session's key, which the router assigns: the recording's name, the call's id, or a key that the program
    /// chose. If a running session, or an earlier session in the same stream or connection, has the same key, `#2`,
    /// `#3` and so on is appended.
    public var session: String?
    /// The server's session id; nil until it is known.
    public var sessionID: String?
    /// The session's labels.
    public var labels: [String: String]?
    /// The turn that the event belongs to, from 1; 0 before the user first spoke.
    public var turn: Int?
    /// The wire event that caused this one.
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

/// The wire event that caused a derived event: a string or a number in JSON.
public enum EventCause: WireValue {
    /// The wire event's `event_id`.
    case event(String)
    /// The wire event's line, from 1, when it has no `event_id`.
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
