import RealtimeEvents
import SeededNumbers

/// A made-up session with its truth: who said what, in which order, and how each utterance ended.
///
/// Items and responses come as the protocol orders them; transcription events come at any time after their speech began, their
/// ends after their commit, or never. Items are put between others, arrive before the item that they follow, and are deleted.
struct GeneratedSession {
    private(set) var lines: [String] = []
    /// The messages in the order of the conversation.
    private(set) var chain: [String] = []
    private(set) var items: [String: GeneratedItem] = [:]
    var random: SplitMix
    /// Seconds that the session has taken; nil for one without times.
    private var time: Double?
    /// The chance, in percent, that a transcription event that could come does so.
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

    /// Adds lines, and lets transcription events fall between them.
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

    /// Perhaps adds a transcription event of an item that waits for one.
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

    /// Makes a message known to the truth; its place comes later.
    mutating func begin(_ role: UtteranceRole, late: [GeneratedItem.Late] = []) -> String {
        let id = "\(role == .user ? "u" : "a")\(items.count)"
        items[id] = GeneratedItem(id: id, role: role, late: late)
        return id
    }

    /// Puts a message behind another one, or at the end, with the line that says so.
    mutating func place(_ id: String, behind previous: String?, _ line: String) {
        let place = previous.flatMap { chain.firstIndex(of: $0) }.map { $0 + 1 } ?? chain.endIndex
        if !chain.contains(id) { chain.insert(id, at: place) }
        if items[id]?.placedOn == nil { items[id]?.placedOn = lines.count + 1 }
        emit(line)
    }

    /// Says what is true of a message from now on.
    mutating func settle(_ id: String, _ text: String, _ status: UtteranceStatus) {
        items[id]?.text = text
        items[id]?.status = status
    }

    /// Deletes a message of which all was said.
    mutating func deleteOne() {
        let over = chain.filter { items[$0]?.status != nil && items[$0]?.late.isEmpty == true }
        if let id = over.randomElement(using: &random) { emit(Line.deleted(id)) }
    }
}

extension GeneratedItem {
    /// Whether its next transcription event may come: pieces at any time, the end once it is committed.
    fileprivate var canTell: Bool {
        switch late.first {
        case .delta: true
        case .completed, .failed: placedOn != nil
        case nil: false
        }
    }
}
