public import EventJSON

/// One event of a session: from the server, or derived from the server's events.
///
/// Keeps the original text, so that no field is lost even when this version of the library knows the event only in
/// part. Payloads are decoded on demand.
public struct RealtimeEvent: Sendable {
    /// The type under its canonical (GA) name.
    public let type: EventType
    /// The type's name on the wire; for a beta name it differs from ``type``.
    public let wireType: String
    /// The event's position in its source.
    public let position: EventPosition
    /// Seconds since the recording or the connection began; nil if the source has no times.
    public let at: Double?
    /// The API that the event belongs to.
    public let dialect: Dialect
    /// The event's JSON text in UTF-8, unchanged.
    public let bytes: [UInt8]

    /// Creates an event from bytes that are known to be one JSON object.
    public init(
        bytes: [UInt8], type: EventType, wireType: String, position: EventPosition, at: Double? = nil,
        dialect: Dialect = .realtime
    ) {
        self.bytes = bytes
        self.type = type
        self.wireType = wireType
        self.position = position
        self.at = at
        self.dialect = dialect
    }

    /// Creates an event from its JSON text.
    ///
    /// An object without a string `type` becomes an event of type "".
    ///
    /// - Throws: ``EventDecodingError`` if the text is not one JSON object.
    public init(
        json text: String, position: EventPosition = EventPosition(line: 1), at: Double? = nil,
        dialect: Dialect = .realtime
    ) throws(EventDecodingError) {
        let bytes = Array(text.utf8)
        let wireType = try Self.object(of: bytes)["type"]?.string ?? ""
        self.init(
            bytes: bytes, type: EventType(wireType), wireType: wireType, position: position, at: at, dialect: dialect)
    }

    /// The `event_id` of the server or of the derived event; nil if there is none.
    public var eventID: String? {
        json["event_id"]?.string
    }

    /// The event as a JSON value; null if the bytes are not JSON.
    public var json: JSONValue {
        (try? JSONValue(parsing: bytes)) ?? .null
    }

    /// Decodes the event as a payload: `try event.decode(Utterance.self)`.
    ///
    /// Fields that are absent, null or of an unexpected JSON type become nil. The caller must choose a payload that
    /// fits the event's ``type``; a wrong one does not throw.
    ///
    /// - Throws: ``EventDecodingError`` if the bytes are not one JSON object.
    public func decode<Payload: WireObject>(_ payload: Payload.Type = Payload.self) throws(EventDecodingError)
        -> Payload
    {
        var payload = Payload()
        let isObject: Bool
        do {
            isObject = try JSONReader.read(bytes, sharing: wireType) { payload.readFields(from: &$0) }
        } catch {
            throw .syntax(error)
        }
        guard isObject else { throw .notAnObject }
        return payload
    }

    private static func object(of bytes: [UInt8]) throws(EventDecodingError) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .syntax(error)
        }
        guard case .object(let object) = value else { throw .notAnObject }
        return object
    }
}

extension RealtimeEvent {
    /// The event with its typed payload, decoded at each call.
    public var payload: ServerEvent {
        ServerEvent(type.code, dialect: dialect, json: json)
    }
}

/// The position of an event in its source.
///
/// A wire event's position is its line number. The events derived from it append `.1`, `.2`, and so on.
public struct EventPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line in the source, from 1.
    public var line: Int
    /// 0 for the wire event itself; 1, 2, … for the events derived from it.
    public var derived: Int

    /// Creates the position of a wire event, or of an event derived from it.
    public init(line: Int, derived: Int = 0) {
        self.line = line
        self.derived = derived
    }

    /// Orders by line, with the wire event before the events derived from it.
    public static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.line, left.derived) < (right.line, right.derived)
    }

    /// `207` for a wire event, `207.1` for the first event derived from it.
    public var description: String {
        derived == 0 ? "\(line)" : "\(line).\(derived)"
    }
}

/// The reason why a text is not an event.
public enum EventDecodingError: Error, Hashable, CustomStringConvertible {
    /// The text is not JSON.
    case syntax(JSONSyntaxError)
    /// The text is JSON, but not an object.
    case notAnObject

    /// The reason in words.
    public var description: String {
        switch self {
        case .syntax(let error): error.description
        case .notAnObject: "an event must be a JSON object"
        }
    }
}
