import EventJSON
import NIOCore
import RealtimeEvents
import Synchronization

/// The client events that were sent over one connection and that the server has not confirmed.
///
/// Bytes that the kernel accepted can still be lost. A server confirms an event in two ways. It answers the ping sent after the event,
/// which means that it has read the event. Or it sends the item that the event created, or an error for the event, which means that it has
/// processed all events up to this one. A pong alone confirms the creation of an item only after ``itemConfirmationTimeout``, for
/// servers that do not send items back.
final class UnconfirmedEvents: Sendable {
    /// A sent event.
    struct Entry: Sendable, Equatable {
        let event: ClientEvent
        /// The id of the item that the event creates; nil if it creates none.
        let itemID: String?
        fileprivate let number: Int
        fileprivate let at: Duration
        fileprivate var isRead = false

        /// Whether the event would have a different effect if it were sent later.
        var isTimeSensitive: Bool {
            switch event {
            case .responseCancel(let cancel): cancel.responseID == nil
            default: event.type == "input_audio_buffer.clear" || event.type == "output_audio_buffer.clear"
            }
        }
    }

    /// How long after an item was sent the server may take to send it back.
    static let itemConfirmationTimeout = Duration.seconds(10)
    /// The maximum number of kept events, which is the number that can be returned to a session.
    private static let limit = 64
    private static let marks = [Array("conversation.item.".utf8), Array(#""error""#.utf8)]

    private let entries = Mutex<(waiting: [Entry], last: Int)>(([], 0))
    private let count = Atomic<Int>(0)

    /// Adds an event that is about to be sent.
    ///
    /// - Returns: its number on the connection.
    func add(_ event: ClientEvent, itemID: String?, at now: Duration) -> Int {
        change { waiting, last in
            last += 1
            if waiting.count == Self.limit { waiting.removeFirst() }
            waiting.append(Entry(event: event, itemID: itemID, number: last, at: now))
            return last
        }
    }

    /// Removes an event that was not sent.
    ///
    /// - Returns: false if ``removeAll(at:trustsPings:)`` has removed the event before.
    func remove(_ number: Int) -> Bool {
        change { waiting, _ in
            guard let place = waiting.firstIndex(where: { $0.number == number }) else { return false }
            waiting.remove(at: place)
            return true
        }
    }

    /// Marks the events up to a number as read by the server.
    func markRead(upTo number: Int) {
        change { waiting, _ in
            for place in waiting.indices where waiting[place].number <= number { waiting[place].isRead = true }
            while let first = waiting.first, first.isRead, first.itemID == nil { waiting.removeFirst() }
        }
    }

    /// Removes the events that a server message confirms.
    func note(_ message: ByteBuffer) {
        guard count.load(ordering: .relaxed) > 0, message.containsNearStart(oneOf: Self.marks),
            let json = try? JSONValue(parsing: message.readableBytesSpan)
        else { return }
        let item = json["item"]
        let refused = json["error"]?["event_id"]?.string
        change { waiting, _ in
            let served = waiting.lastIndex { entry in
                if let refused { return entry.event.eventID == refused }
                return entry.itemID != nil && (entry.itemID == item?["id"]?.string || entry.isAnswered(by: item))
            }
            if let served { waiting.removeSubrange(...served) }
        }
    }

    /// Removes and returns the unconfirmed events, in order, because the connection has ended.
    ///
    /// - Parameters:
    ///   - now: the time of the same clock as for ``add(_:itemID:at:)``.
    ///   - trustsPings: whether a pong confirms items too, because the server closed the connection normally.
    func removeAll(at now: Duration, trustsPings: Bool) -> [Entry] {
        change { waiting, _ in
            defer { waiting = [] }
            let isConfirmed = { (entry: Entry) in
                entry.isRead && (entry.itemID == nil || trustsPings || now - entry.at >= Self.itemConfirmationTimeout)
            }
            return Array(waiting.drop(while: isConfirmed))
        }
    }

    private func change<Value>(_ body: (inout [Entry], inout Int) -> Value) -> Value {
        entries.withLock { entries in
            defer { count.store(entries.waiting.count, ordering: .relaxed) }
            return body(&entries.waiting, &entries.last)
        }
    }
}

extension UnconfirmedEvents.Entry {
    /// Whether a server's item is the function output that the event sent, with an id that the server chose.
    fileprivate func isAnswered(by item: JSONValue?) -> Bool {
        guard case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            item?["type"]?.string == "function_call_output"
        else { return false }
        return item?["call_id"]?.string == create.item?.callID
    }
}

/// Generates ids for items whose events have no id. An item with an id is created only once, even if its event is sent twice.
struct GeneratedItemIDs {
    private var kept: [(event: ClientEvent, id: String)] = []

    /// The id of the item that an event creates; nil for other events.
    ///
    /// An event that was returned to the session gets the same id as before.
    mutating func id(for event: ClientEvent) -> String? {
        guard case .conversationItemCreate(let create) = event else { return nil }
        if let id = create.item?.id { return id }
        if let place = kept.firstIndex(where: { $0.event == event }) { return kept.remove(at: place).id }
        let number = String(UInt64.random(in: 0 ... .max), radix: 16)
        return "rr_" + String(repeating: "0", count: 16 - number.count) + number
    }

    /// Keeps the id of an event that is returned to the session.
    mutating func keep(_ id: String?, for event: ClientEvent) {
        if let id { kept.append((event, id)) }
    }
}

extension ClientEvent {
    /// A copy of the event with an id for the item that it creates.
    func withItemID(_ id: String?) -> ClientEvent {
        guard let id, case .conversationItemCreate(var create) = self, create.item?.id == nil else { return self }
        create.item?.id = id
        return .conversationItemCreate(create)
    }
}
