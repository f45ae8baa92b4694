/// The keys of a ``FieldPlan``, as hash tables over their bytes: one for each step, side by side.
///
/// A key is known by its length, its first eight bytes and its last eight; only keys of more than 16 bytes need a look at those
/// between. Keys that are not wanted, most of an event's, are told by one word.
struct KeyTable: Sendable {
    /// The cells of one step's table.
    struct Region: Sendable {
        var start: Int32 = 0
        /// The number of cells, a power of two, less one.
        var mask: Int32 = 0
        var multiplier: UInt64 = 0
        var shift: UInt64 = 63
    }

    private struct Cell: Sendable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        /// The key's length; -1 marks a free cell.
        var count: Int32 = -1
        var node: Int32 = -1
        /// Where the key begins in `bytes`.
        var start: Int32 = 0
    }

    /// The first cell stays free: it is the table of the steps without keys.
    private var cells: [Cell] = [Cell()]
    private var bytes: [UInt8] = []

    /// Adds a table of keys, no two of them equal, and the steps that they lead to.
    mutating func add(_ keys: [(key: [UInt8], node: Int32)]) -> Region {
        guard !keys.isEmpty else { return Region() }
        let entries = keys.map { entry in
            let (head, tail) = Self.words(entry.key.span.bytes, 0, entry.key.count)
            let start = Int32(bytes.count)
            bytes += entry.key
            return Cell(head: head, tail: tail, count: Int32(entry.key.count), node: entry.node, start: start)
        }
        let region = region(for: entries)
        cells += Array(repeating: Cell(), count: Int(region.mask) + 1)
        for entry in entries {
            var index = region.index(entry.head, entry.tail)
            while cells[Int(region.start) + index].count >= 0 { index = (index + 1) & Int(region.mask) }
            cells[Int(region.start) + index] = entry
        }
        return region
    }

    /// A table at most a quarter full, and of 64 multipliers the one by which the fewest keys meet.
    private func region(for entries: [Cell]) -> Region {
        let bits = 64 - (entries.count * 4 - 1).leadingZeroBitCount
        var best = Region(start: Int32(cells.count), mask: 1 << Int32(bits) - 1, shift: UInt64(64 - bits))
        var fewest = Int.max
        var candidate = best
        candidate.multiplier = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<64 where fewest > 0 {
            let collisions = entries.count - Set(entries.map { candidate.index($0.head, $0.tail) }).count
            if collisions < fewest { (fewest, best) = (collisions, candidate) }
            candidate.multiplier = candidate.multiplier &* 0xD134_2543_DE82_EF95 | 1
        }
        return best
    }

    /// The step that the key at `start..<end` leads to, or -1.
    @inline(__always)
    func node(_ region: Region, _ text: RawSpan, _ start: Int, _ end: Int) -> Int32 {
        let (head, tail) = Self.words(text, start, end)
        var index = region.index(head, tail)
        while true {
            let cell = cells[Int(region.start) &+ index]
            if cell.head == head, cell.tail == tail, Int(cell.count) == end &- start,
                cell.count <= 16 || isSame(cell, text, start)
            {
                return cell.node
            }
            if cell.count < 0 { return -1 }
            index = (index &+ 1) & Int(region.mask)
        }
    }

    private func isSame(_ cell: Cell, _ text: RawSpan, _ start: Int) -> Bool {
        for index in 8..<Int(cell.count) - 8 where bytes[Int(cell.start) + index] != Lexer.byte(text, start + index) {
            return false
        }
        return true
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

extension KeyTable.Region {
    /// Where the search for a key begins.
    @inline(__always)
    func index(_ head: UInt64, _ tail: UInt64) -> Int {
        Int(truncatingIfNeeded: ((head ^ (tail &<< 29 | tail &>> 35)) &* multiplier) &>> shift)
    }
}
