import RealtimeEvents

/// Client events that wait to be sent.
///
/// They keep their order, with one exception: an event overtakes queued `input_audio_buffer.append`s while no `commit` or `clear` is
/// queued.
struct OutboundBacklog {
    /// What an event does to the audio that the server collects.
    private enum AudioRole {
        case none
        case piece
        /// `commit` or `clear`.
        case boundary

        init(_ event: ClientEvent) {
            switch event.type {
            case "input_audio_buffer.append", "session.input_audio_buffer.append": self = .piece
            case "input_audio_buffer.commit", "input_audio_buffer.clear": self = .boundary
            default: self = .none
            }
        }
    }

    private var events: [(event: ClientEvent, role: AudioRole)] = []

    var isEmpty: Bool { events.isEmpty }
    var count: Int { events.count }

    mutating func insert(_ event: ClientEvent) {
        let role = AudioRole(event)
        guard role == .none, !events.contains(where: { $0.role == .boundary }) else {
            return events.append((event, role))
        }
        let last = events.lastIndex { $0.role == .none }
        events.insert((event, role), at: last.map { $0 + 1 } ?? 0)
    }

    mutating func takeFirst() -> ClientEvent? { events.isEmpty ? nil : events.removeFirst().event }
}
