import RealtimeEvents
import SeededNumbers

/// A generated session with the expected result: who said what, in which order, and how each utterance ended.
///
/// Items and responses come in the protocol's order. Transcription events come at any time after their speech began, or
/// never; the final one comes after the commit. Items are inserted between others, arrive before their previous item,
/// and are deleted.
struct GeneratedSession {
    private(set) var lines: [String] = []
    /// The expected messages, in conversation order.
    private(set) var chain: [String] = []
    private(set) var items: [String: GeneratedItem] = [:]
    var random: SplitMix
    /// The session's duration so far, in seconds; nil for a session without times.
    private var time: Double?
    /// The probability, in percent, that a possible transcription event comes.
    private let haste: Int

    init(seed: UInt64, length: Int? = nil) {
        random = SplitMix(seed: seed)
        time = length != nil || Bool.random(using: &random) ? 0 : nil
        haste = length == nil ? [2, 10, 40, 90].randomElement(using: &random)! : 40
        emit(Line.sessionCreated())
        for _ in 0..<(length ?? Int.random(in: 1...14, using: &random)) { takeStep() }
        if chance(80) { while tellLate(100) {} }
        for id in chain where items[id]?.status == nil { items[id]?.status = .incomplete }
    }

    var hasTimes: Bool { time != nil }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func words() -> [String] {
        let vocabulary = ["well", "yes", "no", "please", "Lisbon", "olá", "何", "-->"]
        return (0..<Int.random(in: 1...5, using: &random)).map { _ in vocabulary.randomElement(using: &random)! }
    }

    // MARK: Lines

    /// Adds lines, and randomly inserts transcription events between them.
    mutating func emit(_ text: String) {
        for line in text.split(separator: "\n") {
            if let now = time {
                lines.append(Line.at(now, String(line)))
                time = now + (chance(3) ? 6 : 0.125)
            } else {
                lines.append(String(line))
            }
            while tellLate(haste) {}
        }
    }

    /// Randomly adds a transcription event of an item that waits for one.
    private mutating func tellLate(_ percent: Int) -> Bool {
        let open = items.values.filter { $0.canTell }.map(\.id).sorted()
        guard let id = open.randomElement(using: &random), chance(percent), var item = items[id] else { return false }
        let event = item.late.removeFirst()
        item.take(event)
        items[id] = item
        let line =
            switch event {
            case .delta(let words): Line.heardDelta(id, words)
            case .completed(let text): Line.transcribed(id, text)
            case .failed: Line.transcriptionFailed(id)
            }
        lines.append(time.map { Line.at($0, line) } ?? line)
        return true
    }

    // MARK: Items

    /// Adds an expected message. It gets its position later.
    mutating func begin(_ role: UtteranceRole, late: [GeneratedItem.Late] = []) -> String {
        let id = "\(role == .user ? "u" : "a")\(items.count)"
        items[id] = GeneratedItem(id: id, role: role, late: late)
        return id
    }

    /// Puts a message after another one, or at the end, and adds the line that states this position.
    mutating func place(_ id: String, behind previous: String?, _ line: String) {
        let place = previous.flatMap { chain.firstIndex(of: $0) }.map { $0 + 1 } ?? chain.endIndex
        if !chain.contains(id) { chain.insert(id, at: place) }
        if items[id]?.placedOn == nil { items[id]?.placedOn = lines.count + 1 }
        emit(line)
    }

    /// Sets the expected text and status of a message.
    mutating func settle(_ id: String, _ text: String, _ status: UtteranceStatus) {
        items[id]?.text = text
        items[id]?.status = status
    }

    /// Deletes a complete message.
    mutating func deleteOne() {
        let over = chain.filter { items[$0]?.status != nil && items[$0]?.late.isEmpty == true }
        if let id = over.randomElement(using: &random) { emit(Line.deleted(id)) }
    }
}

extension GeneratedItem {
    /// Whether the item's next transcription event may come: pieces at any time, the final one after the commit.
    fileprivate var canTell: Bool {
        switch late.first {
        case .delta: true
        case .completed, .failed: placedOn != nil
        case nil: false
        }
    }
}
