import EventJSON
import RealtimeEvents

/// A line of a recording that says what became of the connection: `{"session": KEY, "end": true}`, or `lost`, `restored` or `renewed` in
/// place of `end`.
struct RecordingControl {
    private static let words = ["end", "lost", "restored", "renewed"]

    /// When that was, in seconds since the recording began, where the line says it.
    let at: Double?
    /// Why the session ended; nil for a line that does not say so.
    let reason: SessionEndReason?
    /// Whether the connection was made anew.
    let isRenewal: Bool

    /// Returns nil if the line is something else.
    init?(_ line: RawSpan) {
        guard line.byteCount <= RecordingHeader.maximumBytes, let object = try? JSONValue(parsing: line).object,
            object["type"] == nil, object["session"]?.string != nil,
            Self.words.contains(where: { object[$0]?.bool == true })
        else { return nil }
        at = object["at"]?.double
        isRenewal = object["renewed"]?.bool == true
        reason = object["reason"]?.string.map { SessionEndReason(rawValue: $0) }
    }

    /// The line of a change of the connection that is named by a word, without its line end.
    static func change(_ word: String, session: String, at: Double?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session)
        writer.field("at", at)
        writer.key(word)
        writer.bool(true)
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
