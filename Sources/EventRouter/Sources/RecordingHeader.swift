import EventJSON
import RealtimeEvents
import RecordFiles

/// The line with which a recording begins: `{"recording": 1, "session": KEY, "started": TIME, "labels": {…}}`.
struct RecordingHeader {
    /// The most bytes that such a line may have.
    static let maximumBytes = 64 * 1024

    /// The session's key, where the line says it.
    var session: String?
    /// When the recording began, in seconds since 1970, where the line says it.
    var started: Double?
    var labels: [SessionLabel]
    /// The server's id of the session, where it was known before the first event.
    var sessionID: String?
    /// Whether a router wrote it, as it ran the session's calls.
    var isOfRouter = false

    /// Whether the session was live, so that silence was told when it was due and not with the next event.
    var isLive = false

    init(session: String, started: Double?, labels: [SessionLabel], sessionID: String?, isLive: Bool) {
        self.isLive = isLive
        self.session = session
        self.sessionID = sessionID
        self.started = started
        self.labels = labels
    }

    /// Returns nil if the line is something else.
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

    /// The line, without its end.
    ///
    /// - Parameters:
    ///   - dialect: the API that the events belong to.
    ///   - router: the version of the program that records; nil if it is not known.
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
