import RealtimeEvents
import RealtimeSession

/// A client event on its way out of a session.
struct OutboundEntry: Sendable {
    let outgoing: OutgoingEvent
    /// The number of the connection to which it was to go, from 0.
    let connection: Int
    /// Its number among the events of the session, as they were queued.
    var number = 0
    /// Whether it goes before what nobody has taken: a reader took it and could not send it.
    var isGivenBack = false
    /// Whether the recording has it.
    var isRecorded = false

    var event: ClientEvent { outgoing.event }
}

/// A client event that was not sent, and is to be reported.
struct LostEntry: Sendable {
    let entry: OutboundEntry
    /// Why it was not sent.
    let reason: UnsentReason
}

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

    /// Puts an event before all others.
    mutating func insertFirst(_ entry: OutboundEntry) { entries.insert((entry, AudioRole(entry.event)), at: 0) }

    /// Puts an event that was taken before all that were not, in the order in which they were queued.
    mutating func giveBack(_ entry: OutboundEntry) {
        let place = entries.firstIndex { !$0.entry.isGivenBack || $0.entry.number > entry.number }
        entries.insert((entry, AudioRole(entry.event)), at: place ?? entries.endIndex)
    }

    mutating func takeFirst() -> OutboundEntry? { entries.isEmpty ? nil : entries.removeFirst().entry }

    /// Takes out the events that satisfy a condition, in their order.
    mutating func take(where isWanted: (OutboundEntry) -> Bool) -> [OutboundEntry] {
        let taken = entries.map(\.entry).filter(isWanted)
        if !taken.isEmpty { entries.removeAll { isWanted($0.entry) } }
        return taken
    }
}

/// What may be sent on a new connection.
struct OutboundRelease: Sendable {
    /// The number of the connection.
    let connection: Int
    /// What goes out before all that waits.
    let leading: OutboundEntry?
}

/// What became of a session's client events.
struct OutboundCounts {
    var sent = 0
    /// Events that were not sent before the run ended.
    var unsent = 0
    /// How often routing waited because the queue was full.
    var waits = 0
}
