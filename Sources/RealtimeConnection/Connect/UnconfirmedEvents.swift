import EventJSON
import NIOCore
import RealtimeEvents
import Synchronization

/// The client events that went out on one connection and that the server has not confirmed.
///
/// What the kernel has taken may still be lost. A server confirms an event when it answers a ping behind it, which says that it has read
/// the event; or when it shows the item that the event created, or refuses the event, which says that it has served all events up to it. An
/// item counts as confirmed by the answer to a ping only after ``itemConfirmationTimeout``, for servers that show no items.
final class UnconfirmedEvents: Sendable {
    /// An event that went out.
    struct Entry: Sendable, Equatable {
        let event: ClientEvent
        /// The id of the item that the event creates; nil where it creates none.
        let itemID: String?
        fileprivate let number: Int
        fileprivate let at: Duration
        fileprivate var isRead = false

        /// Whether the event would mean something else if it came later.
        var isTimeSensitive: Bool {
            switch event {
            case .responseCancel(let cancel): cancel.responseID == nil
            default: event.type == "input_audio_buffer.clear" || event.type == "output_audio_buffer.clear"
            }
        }
    }

    /// How long after an item went out the server may show it.
    static let itemConfirmationTimeout = Duration.seconds(10)
    /// As many events are kept; so many can be given back to a session.
    private static let limit = 64
    private static let marks = [Array("conversation.item.".utf8), Array(#""error""#.utf8)]

    private let entries = Mutex<(waiting: [Entry], last: Int)>(([], 0))
    private let count = Atomic<Int>(0)

    /// Notes an event that is about to go out.
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

    /// Takes out an event that did not go out.
    ///
    /// - Returns: whether it was there: if not, ``removeAll(at:trustsPings:)`` has given it.
    func remove(_ number: Int) -> Bool {
        change { waiting, _ in
            guard let place = waiting.firstIndex(where: { $0.number == number }) else { return false }
            waiting.remove(at: place)
            return true
        }
    }

    /// Takes in that the server has read the events up to a number.
    func markRead(upTo number: Int) {
        change { waiting, _ in
            for place in waiting.indices where waiting[place].number <= number { waiting[place].isRead = true }
            while let first = waiting.first, first.isRead, first.itemID == nil { waiting.removeFirst() }
        }
    }

    /// Takes in a message of the server's.
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

    /// Takes out the events that the server has not confirmed, in their order, as the connection has ended.
    ///
    /// - Parameters:
    ///   - now: the time by the clock of ``add(_:itemID:at:)``.
    ///   - trustsPings: whether the answer to a ping confirms items too, as the server ended the connection in good order.
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
    /// Whether an item of the server's is the output that the event sent, under an id of the server's own.
    fileprivate func isAnswered(by item: JSONValue?) -> Bool {
        guard case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            item?["type"]?.string == "function_call_output"
        else { return false }
        return item?["call_id"]?.string == create.item?.callID
    }
}

/// The ids of items that client events create, where the events name none: sent twice, an item with an id is created once.
struct GeneratedItemIDs {
    private var kept: [(event: ClientEvent, id: String)] = []

    /// The id of the item that an event creates; nil for other events.
    ///
    /// An event that was given back gets the id that it had before.
    mutating func id(for event: ClientEvent) -> String? {
        guard case .conversationItemCreate(let create) = event else { return nil }
        if let id = create.item?.id { return id }
        if let place = kept.firstIndex(where: { $0.event == event }) { return kept.remove(at: place).id }
        let number = String(UInt64.random(in: 0 ... .max), radix: 16)
        return "rr_" + String(repeating: "0", count: 16 - number.count) + number
    }

    /// Keeps the id of an event that is given back.
    mutating func keep(_ id: String?, for event: ClientEvent) {
        if let id { kept.append((event, id)) }
    }
}

extension ClientEvent {
    /// The same event, with an id for the item that it creates.
    func withItemID(_ id: String?) -> ClientEvent {
        guard let id, case .conversationItemCreate(var create) = self, create.item?.id == nil else { return self }
        create.item?.id = id
        return .conversationItemCreate(create)
    }
}
