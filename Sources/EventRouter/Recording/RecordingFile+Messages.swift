import EventJSON
package import RealtimeEvents

extension RecordingFile {
    /// Writes the first line, for a session that no router runs.
    ///
    /// - Parameters:
    ///   - session: the session's key.
    ///   - started: when it began, in seconds since 1970.
    ///   - dialect: the API that the events belong to.
    package func begin(session: String, started: Double, dialect: Dialect) {
        let header = RecordingHeader(session: session, started: started, labels: [], sessionID: nil, isLive: true)
        begin(header.line(dialect: dialect, router: nil))
    }

    /// Writes a message; one that is no JSON object is left out.
    ///
    /// - Parameters:
    ///   - message: the message's text.
    ///   - isClient: whether the client sent it.
    ///   - at: seconds since the session began.
    ///   - dialect: the API that the event belongs to.
    package func append(_ message: [UInt8], isClient: Bool, at: Double, dialect: Dialect) {
        guard let object = try? JSONValue(parsing: message).object else { return }
        let type = EventType(object["type"]?.string ?? "")
        var event = RealtimeEvent(
            bytes: message, type: type, wireType: object["type"]?.string ?? "", position: EventPosition(line: 0),
            at: at,
            dialect: dialect)
        if !keepsAudio { event = AudioPayload.replaced(in: event) }
        var writer = JSONWriter(capacity: event.bytes.count + 64)
        writer.beginObject()
        writer.field("at", at)
        writer.field("direction", isClient ? "client" : "server")
        writer.key("event")
        writer.raw(json: event.bytes)
        writer.endObject()
        _ = append(writer.bytes, at: at)
    }

    /// Writes the last line, and closes the file.
    package func end(session: String, at: Double, reason: SessionEndReason) {
        end(at: at, reason)
        close()
    }
}
