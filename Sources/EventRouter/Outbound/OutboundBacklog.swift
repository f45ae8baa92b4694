import RealtimeEvents
import RealtimeSession

/// A client event that waits to be sent.
struct OutboundEntry: Sendable {
    let outgoing: OutgoingEvent
    /// The number of the connection that the event is for, counted from 0.
    let connection: Int
    /// The event's number in the order in which the session's events were queued.
    var number = 0
    /// Whether a reader took the event and could not send it. Such an event precedes events that were never taken.
    var isGivenBack = false
    /// Whether the event is in the recording.
    var isRecorded = false

    var event: ClientEvent { outgoing.event }
}

/// A client event that was not sent and must be reported.
struct LostEntry: Sendable {
    let entry: OutboundEntry
    /// The reason why it was not sent.
    let reason: UnsentReason
}

/// A queue of client events that wait to be sent.
///
/// Events keep their order, with one exception: other events overtake queued `input_audio_buffer.append` events while
/// no `commit` or `clear` is queued.
struct OutboundBacklog {
    /// The effect of an event on the server's audio buffer.
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

    private var entries: [(entry: OutboundEntry, role: AudioRole)] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    mutating func insert(_ entry: OutboundEntry) {
        let role = AudioRole(entry.event)
        guard role == .none, !entries.contains(where: { $0.role == .boundary }) else {
            return entries.append((entry, role))
        }
        let last = entries.lastIndex { $0.role == .none }
        entries.insert((entry, role), at: last.map { $0 + 1 } ?? 0)
    }

    /// Inserts an event before all others.
    mutating func insertFirst(_ entry: OutboundEntry) { entries.insert((entry, AudioRole(entry.event)), at: 0) }

    /// Returns an event that was taken. It precedes all events that were never taken; returned events keep their
    /// original order.
    mutating func giveBack(_ entry: OutboundEntry) {
        let index = entries.firstIndex { !$0.entry.isGivenBack || $0.entry.number > entry.number }
        entries.insert((entry, AudioRole(entry.event)), at: index ?? entries.endIndex)
    }

    mutating func takeFirst() -> OutboundEntry? { entries.isEmpty ? nil : entries.removeFirst().entry }

    /// Removes and returns the events that satisfy a condition, in order.
    mutating func take(where isWanted: (OutboundEntry) -> Bool) -> [OutboundEntry] {
        let taken = entries.map(\.entry).filter(isWanted)
        if !taken.isEmpty { entries.removeAll { isWanted($0.entry) } }
        return taken
    }
}

/// Permits the writer to send on a new connection.
struct OutboundRelease: Sendable {
    /// The number of the connection, counted from 0.
    let connection: Int
    /// The event to send before all that are waiting; nil if there is none.
    let leading: OutboundEntry?
}

/// The number of a session's client events, by outcome.
struct OutboundCounts {
    var sent = 0
    /// The number of events that were not sent before the session ended.
    var unsent = 0
    /// The number of times that routing waited because the queue was full.
    var waits = 0
}
