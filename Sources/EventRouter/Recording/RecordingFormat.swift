import EventJSON
import RealtimeEvents
import RealtimeSession
import RecordFiles

/// The header line of a recording: `{"recording": 1, "session": KEY, "started": TIME, "labels": {…}}`.
struct RecordingHeader {
    /// The largest length of the line, in bytes.
    static let maximumBytes = 64 * 1024

    /// The session's key; nil if the line has none.
    var session: String?
    /// The start of the recording, in seconds since 1970; nil if the line has none.
    var started: Double?
    var labels: [SessionLabel]
    /// The server's id of the session; nil if it was not known before the first event.
    var sessionID: String?
    /// Whether a router recorded the session and ran its function calls.
    var isOfRouter = false

    /// Whether the session was live. If so, timeouts fired at their own times, not with the next event.
    var isLive = false

    init(session: String, started: Double?, labels: [SessionLabel], sessionID: String?, isLive: Bool) {
        self.isLive = isLive
        self.session = session
        self.sessionID = sessionID
        self.started = started
        self.labels = labels
    }

    /// Returns nil for any other line.
    init?(_ line: RawSpan) {
        guard line.byteCount <= Self.maximumBytes, let object = try? JSONValue(parsing: line).object,
            object["type"] == nil, case .number = object["recording"]
        else { return nil }
        session = object["session"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        sessionID = object["session_id"]?.string
        isLive = object["live"]?.bool == true
        isOfRouter = object["router"]?.string != nil
        started = object["started"]?.string.flatMap { Timestamp($0)?.unix }
        labels = (object[SessionLabel.field]?.object ?? [:]).compactMap { name, value in
            value.string.map { SessionLabel(name, $0) }
        }
    }

    /// Returns the line, without a line end.
    ///
    /// - Parameters:
    ///   - dialect: The API that the events belong to.
    ///   - router: The version of the recording program; nil if it is not known.
    func line(dialect: Dialect, router: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("recording", 1)
        writer.field("session", session)
        writer.field("session_id", sessionID)
        writer.field("started", started.map { Timestamp(unix: $0).description })
        writer.field("labels", SessionLabel.values(of: labels))
        writer.field("dialect", dialect.rawValue)
        if isLive {
            writer.key("live")
            writer.bool(true)
        }
        writer.field("router", router)
        writer.endObject()
        return writer.bytes
    }
}

/// A control line of a recording: `{"session": KEY, "end": true}`, or `lost`, `restored` or `renewed` in place of
/// `end`. Lines with `end` and `lost` may have a `reason`, the others an `attempt`. A line with `limit` states the
/// limit that the session is near, like `router.session.limit`.
struct RecordingControl {
    /// The time in seconds since the recording began; nil if the line has none.
    let at: Double?
    /// The reason of the session's end; nil if the line has none.
    let reason: SessionEndReason?
    /// The change of the connection; nil for an end.
    let change: ConnectionChange?
    /// The limit that the session is near; nil for any other line.
    let limit: SessionLimitApproaching?

    /// Returns nil for any other line.
    init?(_ line: RawSpan) {
        guard line.byteCount <= RecordingHeader.maximumBytes, let object = try? JSONValue(parsing: line).object,
            object["type"] == nil, object["session"]?.string != nil
        else { return nil }
        let kind = ConnectionChange.Kind.allCases.first { object[$0.rawValue]?.bool == true }
        limit = object["limit"]?.string == nil ? nil : SessionLimitApproaching(object)
        guard kind != nil || limit != nil || object["end"]?.bool == true else { return nil }
        let reason = object["reason"]?.string
        at = object["at"]?.double
        change = kind.map { kind in
            ConnectionChange(kind, reason: kind == .lost ? reason : nil, attempt: object["attempt"]?.int)
        }
        self.reason = kind == nil ? reason.map { SessionEndReason(rawValue: $0) } : nil
    }

    /// Returns the line of a change of the connection, without a line end.
    static func change(_ change: ConnectionChange, session: String, at: Double?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session)
        writer.field("at", at)
        writer.key(change.kind.rawValue)
        writer.bool(true)
        writer.field("reason", change.reason)
        writer.field("attempt", change.attempt)
        writer.endObject()
        return writer.bytes
    }

    /// Returns the line of a limit, without a line end.
    static func limit(_ limit: SessionLimitApproaching, session: String, at: Double?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session)
        writer.field("at", at)
        for (name, value) in limit.json.object ?? [:] {
            writer.key(name)
            writer.value(value)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Returns the line of an end, without a line end.
    static func end(session: String, at: Double?, reason: SessionEndReason) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session)
        writer.field("at", at)
        writer.key("end")
        writer.bool(true)
        writer.field("reason", reason.rawValue)
        writer.endObject()
        return writer.bytes
    }
}

/// The recorded origin of a client event that the router sent:
/// `"origin": {"sent_by": "handler", "handler": NAME, "route": NAME}`, before the `event` of its envelope.
enum RecordedOrigin {
    /// Reads the origin in the beginning of an envelope, up to its event, and redacts it; nil if there is none.
    static func read(_ beginning: RawSpan, _ redaction: Redaction) -> EventOrigin? {
        // A shorter beginning, such as `{"at":1.5,"direction":"client","event":`, has no space for an origin.
        guard beginning.byteCount > 60, beginning.byteCount < 4096 else { return nil }
        let text = beginning.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        guard text.contains(#""origin""#), let origin = (try? JSONValue(parsing: text + "null}"))?["origin"],
            let sender = origin["sent_by"]?.string.map(EventPurpose.init(rawValue:)),
            EventPurpose.known.contains(sender)
        else { return nil }
        func name(_ key: String) -> String? { origin[key]?.string.map { redaction.redacted($0) } }
        return EventOrigin(sender, handler: name("handler"), route: name("route"))
    }

    /// Writes an origin as a member of an envelope.
    static func write(_ origin: EventOrigin, to writer: inout JSONWriter) {
        writer.key("origin")
        writer.beginObject()
        writer.field("sent_by", origin.sender.rawValue)
        writer.field("handler", origin.handler)
        writer.field("route", origin.route)
        writer.endObject()
    }
}
