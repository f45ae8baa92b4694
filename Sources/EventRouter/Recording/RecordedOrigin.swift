import EventJSON
import RealtimeSession

/// What a recording says that a client event of the router was sent for: `"origin": {"sent_by": "handler", "handler": NAME, "route": NAME}`,
/// before the event of its envelope.
enum RecordedOrigin {
    /// Reads the beginning of an envelope, up to its event, without what must not be written; nil if it says no origin.
    static func read(_ beginning: RawSpan, _ redaction: Redaction) -> EventOrigin? {
        // `{"at":1.5,"direction":"client","event":` has no room for one.
        guard beginning.byteCount > 60, beginning.byteCount < 4096 else { return nil }
        let text = beginning.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        guard text.contains(#""origin""#), let origin = (try? JSONValue(parsing: text + "null}"))?["origin"],
            let sender = origin["sent_by"]?.string.map(EventSender.init(rawValue:)), EventSender.known.contains(sender)
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
