public import EventJSON

/// One event of a session: from the server, or derived from the server's.
///
/// The text is kept as it came, so that nothing is lost in an event that this version knows only in part. Payloads are
/// decoded when somebody asks for them.
public struct RealtimeEvent: Sendable {
    /// The type under its canonical (GA) name.
    public let type: EventType
    /// The type's name as it came; a beta name differs from ``type``.
    public let wireType: String
    /// Where the event stands in its source.
    public let position: EventPosition
    /// Seconds since the recording or the connection began; nil where the source has no times.
    public let at: Double?
    /// The API that the event belongs to.
    public let dialect: Dialect
    /// The event's JSON text in UTF-8, as it came.
    public let bytes: [UInt8]

    /// An event whose bytes were found to be one JSON object.
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

    /// An event from its JSON text.
    ///
    /// An object without a string `type` is an event of type "".
    ///
    /// - Throws: ``EventDecodingError`` when the text is not one JSON object.
    public init(
        json text: String, position: EventPosition = EventPosition(line: 1), at: Double? = nil,
        dialect: Dialect = .realtime
    ) throws(EventDecodingError) {
        let bytes = Array(text.utf8)
        let wireType = try Self.object(of: bytes)["type"]?.string ?? ""
        self.init(
            bytes: bytes, type: EventType(wireType), wireType: wireType, position: position, at: at, dialect: dialect)
    }

    /// The server's id of the event, or the one that a derived event was given; nil when it has none.
    public var eventID: String? {
        json["event_id"]?.string
    }

    /// The event as a JSON value; null when the bytes are not JSON.
    public var json: JSONValue {
        (try? JSONValue(parsing: bytes)) ?? .null
    }

    /// Decodes the event as a payload: `try event.decode(Utterance.self)`.
    ///
    /// Fields that are absent, null or of an odd JSON type are nil. Whether the payload fits the event's ``type`` is the
    /// caller's to know.
    ///
    /// - Throws: ``EventDecodingError`` when the bytes are not one JSON object.
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
    /// The event with its typed payload, decoded anew at each call.
    public var payload: ServerEvent {
        ServerEvent(type.code, dialect: dialect, json: json)
    }
}

/// Where an event stands in its source.
///
/// A wire event has the number of its line; events that were derived from it follow it with 1, 2, … behind a point.
public struct EventPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line in the source, from 1.
    public var line: Int
    /// 0 for the wire event itself, 1… for the events derived from it.
    public var derived: Int

    /// The position of a wire event, or of one derived from it.
    public init(line: Int, derived: Int = 0) {
        self.line = line
        self.derived = derived
    }

    /// Lines in order, and in a line the wire event first.
    public static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.line, left.derived) < (right.line, right.derived)
    }

    /// `207` for a wire event, `207.1` for the first event derived from it.
    public var description: String {
        derived == 0 ? "\(line)" : "\(line).\(derived)"
    }
}

/// Why a text is not an event.
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
