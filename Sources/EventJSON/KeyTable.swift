/// The keys that may follow one step of a ``FieldPlan``, as a hash table over their bytes.
///
/// A key is known by its length, its first eight bytes and its last eight; only keys of more than 16 bytes need a look at those
/// between. Keys that are not wanted, most of an event's, are told by one word.
struct KeyTable: Sendable {
    private struct Cell: Sendable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        /// The key's length; -1 marks a free cell.
        var count: Int32 = -1
        var node: Int32 = -1
        /// Where the key begins in `bytes`.
        var start: Int32 = 0
    }

    private var cells: [Cell] = [Cell()]
    private var bytes: [UInt8] = []
    private var multiplier: UInt64 = 0
    private var shift: UInt64 = 63

    /// Makes a table without keys.
    init() {}

    /// Makes a table of keys, no two of them equal, and the steps that they lead to.
    init(_ keys: [(key: [UInt8], node: Int32)]) {
        guard !keys.isEmpty else { return }
        let entries = keys.map { entry in
            let (head, tail) = Self.words(entry.key.span.bytes, 0, entry.key.count)
            let start = Int32(bytes.count)
            bytes += entry.key
            return Cell(head: head, tail: tail, count: Int32(entry.key.count), node: entry.node, start: start)
        }
        // At most a quarter full, so that few multipliers have to be tried until no two keys meet.
        let bits = UInt64(64 - (entries.count * 4 - 1).leadingZeroBitCount)
        shift = 64 - bits
        var fewest = Int.max
        var candidate: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<64 where fewest > 0 {
            let collisions = entries.count - Set(entries.map { Self.hash($0.head, $0.tail, candidate) >> shift }).count
            if collisions < fewest { (fewest, multiplier) = (collisions, candidate) }
            candidate = candidate &* 0xD134_2543_DE82_EF95 | 1
        }
        cells = Array(repeating: Cell(), count: 1 << Int(bits))
        for entry in entries {
            var index = Int(Self.hash(entry.head, entry.tail, multiplier) >> shift)
            while cells[index].count >= 0 { index = (index + 1) & (cells.count - 1) }
            cells[index] = entry
        }
    }

    /// The step that the key at `start..<end` leads to, or -1.
    @inline(__always)
    func node(_ text: RawSpan, _ start: Int, _ end: Int) -> Int32 {
        let (head, tail) = Self.words(text, start, end)
        var index = Int(truncatingIfNeeded: Self.hash(head, tail, multiplier) &>> shift)
        while true {
            let cell = cells[index]
            if cell.head == head, cell.tail == tail, Int(cell.count) == end &- start,
                cell.count <= 16 || isSame(cell, text, start)
            {
                return cell.node
            }
            if cell.count < 0 { return -1 }
            index = (index &+ 1) & (cells.count &- 1)
        }
    }

    private func isSame(_ cell: Cell, _ text: RawSpan, _ start: Int) -> Bool {
        for index in 8..<Int(cell.count) - 8 where bytes[Int(cell.start) + index] != Lexer.byte(text, start + index) {
            return false
        }
        return true
    }

    /// The high bits tell most.
    @inline(__always)
    private static func hash(_ head: UInt64, _ tail: UInt64, _ multiplier: UInt64) -> UInt64 {
        (head ^ (tail &<< 29 | tail &>> 35)) &* multiplier
    }

    /// The first eight bytes, padded with zeros, and of longer keys the last eight.
    @inline(__always)
    private static func words(_ text: RawSpan, _ start: Int, _ end: Int) -> (head: UInt64, tail: UInt64) {
        let count = end &- start
        if count > 8 { return (word(text, start), word(text, end &- 8)) }
        if count == 0 { return (0, 0) }
        guard start &+ 8 <= text.byteCount else { return (shortWord(text, start, end), 0) }
        return (word(text, start) & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- count &* 8)), 0)
    }

    @inline(__always)
    private static func word(_ text: RawSpan, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    private static func shortWord(_ text: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        (start..<end).reversed().reduce(0) { $0 << 8 | UInt64(Lexer.byte(text, $1)) }
    }
}
