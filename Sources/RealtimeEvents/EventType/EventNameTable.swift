#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Finds a name among the known ones by its bytes: every event of a session goes through it once.
///
/// An open-addressed table. Names end in different ways and have different lengths, so the last eight bytes and the length
/// make a hash with hardly any collision.
struct EventNameTable: Sendable {
    struct Entry: Sendable {
        let name: StaticString
        let code: EventType.Code
        let isAlias: Bool

        func isNamed(_ other: RawSpan) -> Bool {
            let count = name.utf8CodeUnitCount
            return count == other.byteCount
                && other.withUnsafeBytes { count == 0 || memcmp($0.baseAddress!, name.utf8Start, count) == 0 }
        }
    }

    private static let mask = 255
    private var slots = [UInt8](repeating: .max, count: mask + 1)
    private var entries: [Entry] = []

    init(names: [(StaticString, EventType.Code)], aliases: [(StaticString, EventType.Code)]) {
        for (name, code) in names { insert(Entry(name: name, code: code, isAlias: false)) }
        for (name, code) in aliases { insert(Entry(name: name, code: code, isAlias: true)) }
    }

    private mutating func insert(_ entry: Entry) {
        entry.name.withUTF8Buffer { name in
            precondition(find(name.span.bytes) == nil, "\(entry.name) stands twice in the table")
            var slot = Self.hash(name.span.bytes)
            while slots[slot] != .max { slot = (slot + 1) & Self.mask }
            slots[slot] = UInt8(entries.count)
        }
        entries.append(entry)
    }

    func find(_ name: RawSpan) -> Entry? {
        var slot = Self.hash(name)
        while slots[slot] != .max {
            let entry = entries[Int(slots[slot])]
            if entry.isNamed(name) { return entry }
            slot = (slot + 1) & Self.mask
        }
        return nil
    }

    private static func hash(_ name: RawSpan) -> Int {
        let mixed = (lastWord(name) ^ UInt64(truncatingIfNeeded: name.byteCount)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 56)
    }

    /// The last eight bytes of the name; of a shorter name what there is.
    private static func lastWord(_ name: RawSpan) -> UInt64 {
        if name.byteCount >= 8 {
            return name.unsafeLoadUnaligned(fromByteOffset: name.byteCount - 8, as: UInt64.self)
        }
        var word: UInt64 = 0
        for index in 0..<name.byteCount {
            word = word << 8 | UInt64(name.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return word
    }
}
