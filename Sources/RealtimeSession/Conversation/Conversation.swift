/// The conversation of a session: its items and their text, the order of utterances, and the turns.
///
/// Changes of utterances collect as ``UtteranceChange``s, from which the session emits derived events. An item is
/// settled when nothing more will arrive for it and its utterances are released. The conversation drops the oldest
/// settled items beyond a limit, so memory use depends on the open items and not on the length of the session.
struct Conversation: Sendable {
    /// A change of an utterance, to be emitted as a derived event.
    struct UtteranceChange: Sendable, Equatable {
        enum Kind: Sendable {
            case heard, done, revised
        }

        let kind: Kind
        /// The item's slot in ``Conversation/items``.
        let slot: Int
        /// The index in the item's parts.
        let part: Int
    }

    /// How many settled items are kept, for conversation order and revisions.
    static let settledLimit = 256
    /// How many items are kept in total. When there are more, the oldest open item is closed.
    static let itemLimit = 4096

    /// How long a final utterance waits for earlier ones, in seconds.
    let hold: Double
    /// Whether to store the text of utterances: false if no utterance events are observed.
    var keepsText: Bool
    /// Whether the server has stated that input transcription is configured.
    var transcribes = false
    var userAudio = UserAudio()
    var turns = TurnTracker()
    var unnamedSpeech = UnnamedSpeech()
    var pendingTranscripts = PendingTranscripts()
    /// The errors about misplaced words that were raised: one for each item and reason.
    var raisedMisplacements = RecentKeys(limit: 4096)
    var itemKeyCache = ItemKeyCache()
    /// The two streams of a translation: the speaker's words and their translation.
    var inputStream = WordStream(.user)
    var outputStream = WordStream(.assistant)
    /// The language that a translation translates into.
    var outputLanguage: String?
    /// The current time, for the deadlines of blocked utterances; nil if the source has no times.
    var now: Double?
    /// The items by slot. The slots of dropped items are reused.
    var items: [ItemRecord] = []
    var order = ItemOrder()
    /// The changes since the last ``forget(at:)``.
    private(set) var changes: [UtteranceChange] = []
    /// Final utterances that wait for earlier ones, oldest first. Some may have been released since.
    private var blockedUtterances: [(key: IDKey, slot: Int, finalAt: Double)] = []
    /// The slot of each item, by its id.
    private var slots: [IDKey: Int] = [:]
    private var freeSlots: [Int] = []
    private var settledSlots: [Int] = []
    private var firstSettled = 0
    private var nextSerial = 0
    /// The item that was found last, because consecutive events mostly name the same item.
    private var lastKey: IDKey?
    private var lastSlot = -1
    /// The most recent items seen on the current connection; nil on the session's first connection.
    private var connectionItems: RecentKeys?

    init(hold: Double, keepsText: Bool) {
        self.hold = hold
        self.keepsText = keepsText
    }

    /// The current turn, from 1; 0 before the user first spoke.
    var turn: Int { turns.number }

    /// When the utterance that has been blocked for the longest time is released without the earlier ones; infinity if
    /// no utterance is blocked.
    private(set) var deadline = Double.infinity

    // MARK: Items

    /// The slot of a known item; nil if the item is unknown.
    mutating func find(_ key: IDKey) -> Int? {
        if key == lastKey { return lastSlot }
        guard let slot = slots[key] else { return nil }
        lastKey = key
        lastSlot = slot
        return slot
    }

    /// The slot of an item; creates the item when it is unknown.
    mutating func item(_ key: IDKey, turn: Int, id: () -> String) -> Int {
        if let slot = find(key) { return slot }
        let record = ItemRecord(id: id(), key: key, turn: turn, serial: nextSerial)
        nextSerial += 1
        let slot: Int
        if let reused = freeSlots.popLast() {
            slot = reused
            items[slot] = record
        } else {
            slot = items.count
            items.append(record)
        }
        order.add(slot)
        slots[key] = slot
        noteItemOnConnection(key)
        return slot
    }

    // MARK: Connections

    /// Whether the session is on a second or later connection.
    var isOnNewConnection: Bool { connectionItems != nil }

    /// Whether an item was seen on the current connection.
    func isOnConnection(_ key: IDKey) -> Bool { connectionItems?.contains(key) ?? true }

    /// Records that an item exists on the current connection: a client may restore items under their old ids.
    mutating func noteItemOnConnection(_ key: IDKey) { connectionItems?.insert(key) }

    /// Starts a new connection, on which the server knows no item.
    mutating func beginConnection() { connectionItems = RecentKeys(limit: 8192) }

    /// The slots of the items for which some words have not arrived.
    var itemsAwaitingTranscript: [Int] { slots.values.filter { items[$0].awaitsTranscript } }

    /// The id of the previous item in the conversation; nil if it is unknown.
    func previousID(of slot: Int) -> String? {
        if let id = items[slot].previousID { return id }
        let previous = order.previous(slot)
        return previous < 0 ? nil : items[previous].id
    }

    // MARK: Releasing utterances

    /// Records that a part ended, for `router.utterance.heard`.
    mutating func recordHeard(_ slot: Int, _ part: Int) {
        changes.append(UtteranceChange(kind: .heard, slot: slot, part: part))
        if order.certainty(slot) == .none { order.append(slot, key: items[slot].key, .assumed) }
        if let now, !order.isPassed(slot) {
            blockedUtterances.append((items[slot].key, slot, now))
            if blockedUtterances.count == 1 { deadline = now + hold }
        }
    }

    /// Records that an utterance changed after `router.utterance.done`, for `router.utterance.revised`.
    mutating func recordRevised(_ slot: Int, _ part: Int) {
        guard items[slot].parts[part].isDone else { return }
        items[slot].parts[part].revisions += 1
        changes.append(UtteranceChange(kind: .revised, slot: slot, part: part))
    }

    /// Releases the utterances that nothing blocks any longer after an item changed.
    mutating func release(_ slot: Int) {
        if order.isPassed(slot) {
            recordDone(slot)
            settle(slot)
        }
        release()
    }

    /// Releases utterances from the order's cursor up to the first item that blocks later ones.
    mutating func release() {
        while order.cursor >= 0 {
            let slot = order.cursor
            recordDone(slot)
            if items[slot].blocksLaterItems { break }
            order.advanceCursor()
            settle(slot)
        }
        if !blockedUtterances.isEmpty { renewDeadline() }
    }

    /// Releases utterances that have been blocked past the deadline, and skips the items that blocked them.
    mutating func releaseOverdue(at: Double) {
        renewDeadline()
        while at >= deadline, let overdue = blockedUtterances.first {
            advance(past: overdue.slot)
            renewDeadline()
        }
        release()
    }

    /// Moves the order's cursor past an item, even if an item on the way blocks.
    private mutating func advance(past slot: Int) {
        while order.cursor >= 0, !order.isPassed(slot) {
            let passed = order.cursor
            recordDone(passed)
            order.advanceCursor()
            settle(passed)
        }
    }

    private mutating func recordDone(_ slot: Int) {
        let holds = items[slot].blocksLaterItems && !order.isPassed(slot)
        for part in items[slot].parts.indices where !items[slot].parts[part].isDone {
            if items[slot].parts[part].end != nil {
                items[slot].parts[part].isDone = true
                changes.append(UtteranceChange(kind: .done, slot: slot, part: part))
            } else if holds {
                return
            }
        }
    }

    private mutating func renewDeadline() {
        let open = blockedUtterances.firstIndex { entry in
            slots[entry.key] == entry.slot && !order.isPassed(entry.slot)
        }
        blockedUtterances.removeSubrange(..<(open ?? blockedUtterances.endIndex))
        deadline = blockedUtterances.first.map { $0.finalAt + hold } ?? .infinity
    }

    // MARK: Dropping items

    private mutating func settle(_ slot: Int) {
        guard !items[slot].isSettled, order.isPassed(slot), !items[slot].blocksLaterItems else { return }
        items[slot].isSettled = true
        settledSlots.append(slot)
    }

    /// Whether there are changes to emit or items to drop.
    var hasChanges: Bool {
        !changes.isEmpty || settledSlots.count - firstSettled > Self.settledLimit || slots.count > Self.itemLimit
    }

    /// Clears the emitted changes, and drops the oldest settled items beyond the limit.
    ///
    /// Call it after emitting the changes, because they name items by their slots. When more than ``itemLimit`` items
    /// are open, which no real server does, the oldest one is closed as it is; that adds changes again.
    mutating func forget(at: Double?) {
        changes.removeAll(keepingCapacity: true)
        while settledSlots.count - firstSettled > Self.settledLimit {
            forget(settledSlots[firstSettled])
            firstSettled += 1
        }
        if firstSettled > Self.settledLimit {
            settledSlots.removeSubrange(..<firstSettled)
            firstSettled = 0
        }
        if slots.count > Self.itemLimit { evictOldest(at: at) }
    }

    private mutating func evictOldest(at: Double?) {
        let open = slots.values.filter { !items[$0].isSettled }
        guard let oldest = open.min(by: { items[$0].serial < items[$1].serial }) else { return }
        close(oldest, .incomplete, at: at)
        if order.certainty(oldest) == .none {
            forget(oldest)
        } else {
            advance(past: oldest)
            settle(oldest)
        }
    }

    private mutating func forget(_ slot: Int) {
        order.remove(slot)
        slots[items[slot].key] = nil
        if lastSlot == slot { lastKey = nil }
        freeSlots.append(slot)
    }

    /// All items in conversation order, followed by those without a position, in the order in which they were first
    /// seen.
    var allSlots: [Int] {
        var result: [Int] = []
        var slot = order.first
        while slot >= 0 {
            result.append(slot)
            slot = order.next(slot)
        }
        let placeless = slots.values.filter { order.certainty($0) == .none }
        return result + placeless.sorted { items[$0].serial < items[$1].serial }
    }
}
