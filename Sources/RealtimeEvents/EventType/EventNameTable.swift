/// Finds a name among the known ones by its bytes: every event of a session goes through it once.
///
/// An open-addressed table. Names end in different ways and have different lengths, so the last eight bytes and the length
/// make a hash with hardly any collision; the comparison then reads eight bytes at a time.
struct EventNameTable: Sendable {
    struct Entry: Sendable {
        let code: EventType.Code
        let isAlias: Bool
        let count: Int
        /// Where the name's words begin; the last word overlaps the one before it.
        let firstWord: Int
    }

    private static let mask = 255
    private var slots = [UInt8](repeating: .max, count: mask + 1)
    private var entries: [Entry] = []
    private var words: [UInt64] = []

    init(names: [(StaticString, EventType.Code)], aliases: [(StaticString, EventType.Code)]) {
        for (name, code) in names { insert(name, code, isAlias: false) }
        for (name, code) in aliases { insert(name, code, isAlias: true) }
    }

    private mutating func insert(_ name: StaticString, _ code: EventType.Code, isAlias: Bool) {
        let utf8 = Array(name.description.utf8)
        let bytes = utf8.span.bytes
        precondition(find(bytes) == nil, "\(name) stands twice in the table")
        let entry = Entry(code: code, isAlias: isAlias, count: bytes.byteCount, firstWord: words.count)
        for offset in stride(from: 0, to: max(bytes.byteCount - 8, 1), by: 8) { words.append(Self.word(bytes, offset)) }
        words.append(Self.lastWord(bytes))
        var slot = Self.hash(bytes)
        while slots[slot] != .max { slot = (slot + 1) & Self.mask }
        slots[slot] = UInt8(entries.count)
        entries.append(entry)
    }

    func find(_ name: RawSpan) -> Entry? {
        var slot = Self.hash(name)
        while slots[slot] != .max {
            let entry = entries[Int(slots[slot])]
            if entry.count == name.byteCount, matches(entry, name) { return entry }
            slot = (slot + 1) & Self.mask
        }
        return nil
    }

    private func matches(_ entry: Entry, _ name: RawSpan) -> Bool {
        var index = entry.firstWord
        for offset in stride(from: 0, to: max(entry.count - 8, 1), by: 8) {
            guard words[index] == Self.word(name, offset) else { return false }
            index += 1
        }
        return words[index] == Self.lastWord(name)
    }

    private static func hash(_ name: RawSpan) -> Int {
        let mixed = (lastWord(name) ^ UInt64(truncatingIfNeeded: name.byteCount)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 56)
    }

    private static func lastWord(_ name: RawSpan) -> UInt64 {
        word(name, max(name.byteCount - 8, 0))
    }

    /// Eight bytes of the name; of a shorter name what there is.
    private static func word(_ name: RawSpan, _ offset: Int) -> UInt64 {
        if offset + 8 <= name.byteCount {
            return name.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        var word: UInt64 = 0
        for index in offset..<name.byteCount {
            word = word << 8 | UInt64(name.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return word
    }
}
