/// All items of a session that still matter, what was said in them, and which utterances may go out; and the turns.
///
/// It tells what happened as ``News``, which the session makes into derived events. Items that are settled are forgotten when
/// newer ones push them out, so memory follows what is open and not the length of the session.
struct Conversation: Sendable {
    /// Something to be told about an utterance.
    struct News: Sendable, Equatable {
        enum Kind: Sendable {
            case heard, done, revised
        }

        let kind: Kind
        /// The item.
        let slot: Int
        /// The place in the item's parts.
        let part: Int
    }

    /// How many settled items are remembered for order and revisions.
    static let settledLimit = 256
    /// How many items are remembered at all; beyond it the oldest is given up.
    static let itemLimit = 4096

    let hold: Double
    var keepsText: Bool
    /// Whether the user's audio is transcribed, as far as the server said.
    var transcribes = false
    var callerAudio = CallerAudio()
    var turns = TurnTracker()
    var unnamedWords = UnnamedWords()
    var pendingWords = PendingWords()
    /// What was raised of words that have no place: once for an item and a reason.
    var raisedMisplacements = RecentKeys(limit: 4096)
    var lastItem = LastItemKey()
    /// What was said to a translation, and what it said.
    var inputStream = WordStream(.user)
    var outputStream = WordStream(.assistant)
    /// The language of a translation.
    var outputLanguage: String?
    /// The time by which utterances wait for each other.
    var now: Double?
    var items: [ItemRecord] = []
    var order = ItemOrder()
    /// What happened since the last ``forget(at:)``.
    private(set) var news: [News] = []
    /// Utterances that are final and wait for their turn, oldest first; some may have gone out since.
    private var waiting: [(key: IDKey, slot: Int, finalAt: Double)] = []
    private var slots: [IDKey: Int] = [:]
    private var free: [Int] = []
    private var settled: [Int] = []
    private var firstSettled = 0
    private var nextSerial = 0
    private var lastKey: IDKey?
    private var lastSlot = -1
    /// The last items that were seen on the connection; nil on the session's first one.
    private var itemsOfConnection: RecentKeys?

    init(hold: Double, keepsText: Bool) {
        self.hold = hold
        self.keepsText = keepsText
    }

    /// The turn that the session is in, from 1; 0 before the user first spoke.
    var turn: Int { turns.number }

    /// When the longest waiting utterance has waited long enough; infinity when none waits.
    private(set) var deadline = Double.infinity

    // MARK: Items

    /// The slot of a known item.
    mutating func find(_ key: IDKey) -> Int? {
        if key == lastKey { return lastSlot }
        guard let slot = slots[key] else { return nil }
        lastKey = key
        lastSlot = slot
        return slot
    }

    /// The slot of an item, which is made on first sight.
    mutating func item(_ key: IDKey, turn: Int, id: () -> String) -> Int {
        if let slot = find(key) { return slot }
        let record = ItemRecord(id: id(), key: key, turn: turn, serial: nextSerial)
        nextSerial += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            items[slot] = record
        } else {
            slot = items.count
            items.append(record)
        }
        order.add(slot)
        slots[key] = slot
        noteItemOfConnection(key)
        return slot
    }

    // MARK: Connections

    /// Whether the connection is not the session's first one.
    var isOnNewConnection: Bool { itemsOfConnection != nil }

    /// Whether an item was seen on the connection.
    func isOfConnection(_ key: IDKey) -> Bool { itemsOfConnection?.contains(key) ?? true }

    /// Takes in that an item is one of the connection: a client may restore items under the ids that they had before.
    mutating func noteItemOfConnection(_ key: IDKey) { itemsOfConnection?.insert(key) }

    /// Takes in that there is a new connection, on which the server knows no item.
    mutating func beginConnection() { itemsOfConnection = RecentKeys(limit: 8192) }

    /// The items whose words have not all come.
    var waitingForWords: [Int] { slots.values.filter { items[$0].waitsForWords } }

    /// The id of the item before one in the conversation, when it is known.
    func previousID(of slot: Int) -> String? {
        if let id = items[slot].previousID { return id }
        let previous = order.previous(slot)
        return previous < 0 ? nil : items[previous].id
    }

    // MARK: Letting go

    /// Tells of a part that ended.
    mutating func tellHeard(_ slot: Int, _ part: Int) {
        news.append(News(kind: .heard, slot: slot, part: part))
        if order.certainty(slot) == .none { order.append(slot, key: items[slot].key, .assumed) }
        if let now, !order.isPassed(slot) {
            waiting.append((items[slot].key, slot, now))
            if waiting.count == 1 { deadline = now + hold }
        }
    }

    /// Tells that an utterance is another one than was told, if it was told.
    mutating func tellRevised(_ slot: Int, _ part: Int) {
        guard items[slot].parts[part].isDone else { return }
        items[slot].parts[part].revisions += 1
        news.append(News(kind: .revised, slot: slot, part: part))
    }

    /// Lets utterances go that nothing holds, after something about an item changed.
    mutating func release(_ slot: Int) {
        if order.isPassed(slot) {
            tellDone(slot)
            settle(slot)
        }
        release()
    }

    /// Lets utterances go from the mark on, up to the first item that holds others.
    mutating func release() {
        while order.mark >= 0 {
            let slot = order.mark
            tellDone(slot)
            if items[slot].holdsOthers { break }
            order.passMark()
            settle(slot)
        }
        if !waiting.isEmpty { renewDeadline() }
    }

    /// Lets utterances go that have waited long enough, past the items that held them.
    mutating func releaseOverdue(at: Double) {
        renewDeadline()
        while at >= deadline, let overdue = waiting.first {
            pass(upTo: overdue.slot)
            renewDeadline()
        }
        release()
    }

    /// Moves the mark behind an item, whatever holds it.
    private mutating func pass(upTo slot: Int) {
        while order.mark >= 0, !order.isPassed(slot) {
            let passed = order.mark
            tellDone(passed)
            order.passMark()
            settle(passed)
        }
    }

    private mutating func tellDone(_ slot: Int) {
        let holds = items[slot].holdsOthers && !order.isPassed(slot)
        for part in items[slot].parts.indices where !items[slot].parts[part].isDone {
            if items[slot].parts[part].end != nil {
                items[slot].parts[part].isDone = true
                news.append(News(kind: .done, slot: slot, part: part))
            } else if holds {
                return
            }
        }
    }

    private mutating func renewDeadline() {
        let open = waiting.firstIndex { entry in
            slots[entry.key] == entry.slot && !order.isPassed(entry.slot)
        }
        waiting.removeSubrange(..<(open ?? waiting.endIndex))
        deadline = waiting.first.map { $0.finalAt + hold } ?? .infinity
    }

    // MARK: Forgetting

    private mutating func settle(_ slot: Int) {
        guard !items[slot].isSettled, order.isPassed(slot), !items[slot].holdsOthers else { return }
        items[slot].isSettled = true
        settled.append(slot)
    }

    /// Whether there is something to tell or to forget.
    var hasNews: Bool {
        !news.isEmpty || settled.count - firstSettled > Self.settledLimit || slots.count > Self.itemLimit
    }

    /// Forgets what was told, and the oldest settled items beyond the limit.
    ///
    /// To be called when the news are dealt with, since they name items by their slots. When thousands of items are open, which
    /// no server does, the oldest of them ends as it is: that is told as news again.
    mutating func forget(at: Double?) {
        news.removeAll(keepingCapacity: true)
        while settled.count - firstSettled > Self.settledLimit {
            forget(settled[firstSettled])
            firstSettled += 1
        }
        if firstSettled > Self.settledLimit {
            settled.removeSubrange(..<firstSettled)
            firstSettled = 0
        }
        if slots.count > Self.itemLimit { giveUpOldest(at: at) }
    }

    private mutating func giveUpOldest(at: Double?) {
        let open = slots.values.filter { !items[$0].isSettled }
        guard let oldest = open.min(by: { items[$0].serial < items[$1].serial }) else { return }
        close(oldest, .incomplete, at: at)
        if order.certainty(oldest) == .none {
            forget(oldest)
        } else {
            pass(upTo: oldest)
            settle(oldest)
        }
    }

    private mutating func forget(_ slot: Int) {
        order.remove(slot)
        slots[items[slot].key] = nil
        if lastSlot == slot { lastKey = nil }
        free.append(slot)
    }

    /// All items in conversation order, then those without a place in the order in which they were seen.
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
