import EventJSON
import RealtimeEvents
import RealtimeSession
import Synchronization

/// Writes the recording of one run: the session's loop records what comes, its writer what is sent.
final class SessionRecording: Sendable {
    private struct State {
        var redaction: Redaction
        var hasBegun = false
        /// The time of the last event that came, and the moment of the clock at which that was, where time goes on by the clock.
        var last: (at: Double, moment: Duration?)?
    }

    private let file: RecordingFile
    private let dialect: Dialect
    private let clock: any RouterClock
    private let state: Mutex<State>

    init(_ file: RecordingFile, redaction: Redaction, dialect: Dialect, clock: any RouterClock) {
        self.file = file
        state = Mutex(State(redaction: redaction))
        self.dialect = dialect
        self.clock = clock
    }

    /// From now on events are redacted in another way.
    func replace(_ redaction: Redaction) { state.withLock { $0.redaction = redaction } }

    /// Writes the first line, once.
    func begin(_ header: @autoclosure () -> RecordingHeader) {
        let isFirst = state.withLock { state in
            defer { state.hasBegun = true }
            return !state.hasBegun
        }
        if isFirst { file.append(header().line(dialect: dialect, router: file.router)) }
    }

    /// Records an event that came.
    ///
    /// - Parameters:
    ///   - event: the event, with its time.
    ///   - sender: who sent it.
    ///   - moment: the moment of the clock that its time stands for; nil in a recording, whose time stands still between events.
    func came(
        _ event: RealtimeEvent, sender: EnvelopeFields.Sender, _ origin: EventOrigin? = nil, moment: Duration?
    ) {
        if let at = event.at { state.withLock { $0.last = (at, moment) } }
        append(event, sender: sender, origin)
    }

    /// Records a client event that is about to be sent.
    func sending(_ outgoing: OutgoingEvent) {
        let event = outgoing.event
        let type = EventType(event.type)
        let bytes = Array(event.json.description.utf8)
        append(
            RealtimeEvent(
                bytes: bytes, type: type, wireType: type.name, position: EventPosition(line: 0), at: now,
                dialect: dialect),
            sender: .router, outgoing.origin)
    }

    /// Writes what happened to the connection.
    func note(_ change: ConnectionChange, at: Double?) {
        guard let redaction = state.withLock({ $0.hasBegun ? $0.redaction : nil }) else { return }
        let written = ConnectionChange(
            change.kind, reason: change.reason.map { redaction.redacted($0) }, attempt: change.attempt)
        file.append(RecordingControl.change(written, session: file.session, at: at))
    }

    /// Writes the last line.
    func end(at: Double?, _ reason: SessionEndReason) {
        defer { file.close() }
        guard state.withLock({ $0.hasBegun }) else { return }
        file.append(RecordingControl.end(session: file.session, at: at, reason: reason))
    }

    /// The time of events, as far as it is known.
    private var now: Double? {
        guard let (at, moment) = state.withLock({ $0.last }) else { return nil }
        guard let moment else { return at }
        return ((at + (clock.now - moment).seconds) * 1e6).rounded() / 1e6
    }

    private func append(
        _ event: RealtimeEvent, sender: EnvelopeFields.Sender, _ origin: EventOrigin? = nil
    ) {
        var event = event
        let isClient = sender != .server
        // Redaction does not know the types of client events and would take their audio for text. In server events it knows audio by its
        // type, and would take a number in its place for something unknown.
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
        file.append(writer.bytes)
    }
}
