import EventJSON
import RealtimeEvents

/// A line of a recording that says what became of the connection: `{"session": KEY, "end": true}`, or `lost`, `restored` or `renewed` in
/// place of `end`. An end and a loss may have a `reason`, the others an `attempt`. A line with `limit` in place of `end` says which limit the
/// session came near, as `router.session.limit` does.
struct RecordingControl {
    /// When that was, in seconds since the recording began, where the line says it.
    let at: Double?
    /// Why the session ended; nil for a line that does not say so.
    let reason: SessionEndReason?
    /// What happened to the connection; nil for an end.
    let change: ConnectionChange?
    /// The limit that the session came near; nil for a line about the connection.
    let limit: ApproachingLimit?

    /// Returns nil if the line is something else.
    init?(_ line: RawSpan) {
        guard line.byteCount <= RecordingHeader.maximumBytes, let object = try? JSONValue(parsing: line).object,
            object["type"] == nil, object["session"]?.string != nil
        else { return nil }
        let kind = ConnectionChange.Kind.allCases.first { object[$0.rawValue]?.bool == true }
        limit = object["limit"]?.string == nil ? nil : ApproachingLimit(object)
        guard kind != nil || limit != nil || object["end"]?.bool == true else { return nil }
        let reason = object["reason"]?.string
        at = object["at"]?.double
        change = kind.map { kind in
            ConnectionChange(kind, reason: kind == .lost ? reason : nil, attempt: object["attempt"]?.int)
        }
        self.reason = kind == nil ? reason.map { SessionEndReason(rawValue: $0) } : nil
    }

    /// The line of a change of the connection, without its line end.
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

    /// The line of a limit, without its line end.
    static func limit(_ limit: ApproachingLimit, session: String, at: Double?) -> [UInt8] {
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

    /// The line of an end, without its line end.
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
