import EventJSON
import RealtimeEvents
import RealtimeSession
import Synchronization

/// Writes the recording of one session to one or more files. The session's loop records what arrives, the outbound
/// writer what is sent.
final class SessionRecording: Sendable {
    private struct State {
        var redaction: Redaction
        var hasBegun = false
        /// The time of the last received event, and the clock's time at that moment if event time advances by the
        /// clock.
        var last: (at: Double, moment: Duration?)?
    }

    private let files: [RecordingFile]
    private let dialect: Dialect
    private let clock: any RouterClock
    private let noteFull: @Sendable (RecordingFile) -> Void
    private let state: Mutex<State>

    /// - Parameter noteFull: Called once for each file that becomes full before the session ends.
    init(
        _ files: [RecordingFile], redaction: Redaction, dialect: Dialect, clock: any RouterClock,
        noteFull: @escaping @Sendable (RecordingFile) -> Void
    ) {
        self.files = files
        state = Mutex(State(redaction: redaction))
        self.dialect = dialect
        self.clock = clock
        self.noteFull = noteFull
    }

    /// Switches to another redaction.
    func replace(_ redaction: Redaction) { state.withLock { $0.redaction = redaction } }

    /// Whether the header line was written.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Writes the header line, once.
    func begin(_ header: RecordingHeader) {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        guard isFirst else { return }
        for file in files { file.begin(header.line(dialect: dialect, router: file.router)) }
    }

    /// Records an event that arrived.
    ///
    /// - Parameters:
    ///   - event: The event, with its time.
    ///   - sender: The sender of the event.
    ///   - moment: The clock's time that corresponds to the event's time; nil in a recording, in which time does not
    ///     advance between events.
    func recordReceived(
        _ event: RealtimeEvent, sender: EnvelopeFields.Sender, _ origin: EventOrigin? = nil, moment: Duration?
    ) {
        if let at = event.at { state.withLock { $0.last = (at, moment) } }
        append(event, sender: sender, origin)
    }

    /// Records a client event that is about to be sent.
    func recordSent(_ outgoing: OutgoingEvent) {
        let event = outgoing.event
        let type = EventType(event.type)
        let bytes = Array(event.json.description.utf8)
        append(
            RealtimeEvent(
                bytes: bytes, type: type, wireType: type.name, position: EventPosition(line: 0), at: now,
                dialect: dialect),
            sender: .router, outgoing.origin)
    }

    /// Writes a change of the connection.
    func note(_ change: ConnectionChange, at: Double?) {
        guard let redaction = state.withLock({ $0.hasBegun ? $0.redaction : nil }) else { return }
        let written = ConnectionChange(
            change.kind, reason: change.reason.map { redaction.redacted($0) }, attempt: change.attempt)
        for file in files { append(RecordingControl.change(written, session: file.session, at: at), at, to: file) }
    }

    /// Writes a limit that the session is near.
    func note(_ limit: SessionLimitApproaching, at: Double?) {
        guard hasBegun else { return }
        for file in files { append(RecordingControl.limit(limit, session: file.session, at: at), at, to: file) }
    }

    /// Writes the last line.
    func end(at: Double?, _ reason: SessionEndReason) {
        let hasBegun = hasBegun
        for file in files {
            if hasBegun { file.end(at: at, reason) }
            file.close()
        }
    }

    /// The current event time; nil if it is not known.
    private var now: Double? {
        guard let (at, moment) = state.withLock({ $0.last }) else { return nil }
        guard let moment else { return at }
        return ((at + (clock.now - moment).seconds) * 1e6).rounded() / 1e6
    }

    private func append(_ event: RealtimeEvent, sender: EnvelopeFields.Sender, _ origin: EventOrigin? = nil) {
        for file in files where !file.isFull { append(line(event, sender, origin, in: file), event.at, to: file) }
    }

    private func append(_ line: [UInt8], _ at: Double?, to file: RecordingFile) {
        if file.append(line, at: at) { noteFull(file) }
    }

    /// Returns the line of an event in a file.
    private func line(
        _ event: RealtimeEvent, _ sender: EnvelopeFields.Sender, _ origin: EventOrigin?, in file: RecordingFile
    ) -> [UInt8] {
        var event = event
        let isClient = sender != .server
        // In client events, replace audio before redaction, which would mistake it for text. In server events, replace
        // it after redaction, which recognises audio but would remove a number in its place.
        if isClient, !file.keepsAudio { event = AudioPayload.replaced(in: event) }
        event = state.withLock { $0.redaction }.written(event)
        if !isClient, !file.keepsAudio { event = AudioPayload.replaced(in: event) }
        var writer = JSONWriter(capacity: event.bytes.count + 64)
        writer.beginObject()
        if file.namesSession { writer.field("session", file.session) }
        writer.field("at", event.at)
        writer.field("direction", isClient ? "client" : "server")
        if sender == .router { writer.field("sender", "router") }
        if let origin { RecordedOrigin.write(origin, to: &writer) }
        writer.key("event")
        writer.raw(json: event.bytes)
        writer.endObject()
        return writer.bytes
    }
}
