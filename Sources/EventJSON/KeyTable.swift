/// The keys of a ``FieldPlan``, as hash tables over their bytes: one for each step, side by side.
///
/// A key is known by its length, its first eight bytes and its last eight; only keys of more than 16 bytes need a look at those
/// between. Keys that are not wanted, most of an event's, are told by their length or by one word.
struct KeyTable: Sendable {
    /// The cells of one step's table.
    struct Region: Sendable {
        /// A bit for each length that a key of the table has; the last one for all lengths from 63 on.
        var lengths: UInt64 = 0
        var multiplier: UInt64 = 0
        var shift: UInt64 = 63
        var start: Int32 = 0
        /// The number of cells, a power of two, less one.
        var mask: Int32 = 0
    }

    struct Cell: Sendable {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        /// The key's length; -1 marks a free cell.
        var count: Int32 = -1
        var node: Int32 = -1
        /// Where the key begins in `bytes`.
        var start: Int32 = 0
        /// Whether a search that does not end here goes on in the next cell.
        var isCrossed = false
    }

    /// The first cell stays free: it is the table of the steps without keys.
    private(set) var cells: [Cell] = [Cell()]
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
        for var entry in entries {
            var index = Int(region.start) + region.index(entry.head)
            while cells[index].count >= 0 {
                cells[index].isCrossed = true
                index = region.next(index)
            }
            entry.isCrossed = cells[index].isCrossed
            cells[index] = entry
        }
        return region
    }

    /// A table at most a quarter full, and of 64 multipliers the one by which the fewest keys meet.
    private func region(for entries: [Cell]) -> Region {
        let bits = 64 - (entries.count * 4 - 1).leadingZeroBitCount
        let lengths = entries.reduce(0) { $0 | Region.lengthBit(Int($1.count)) }
        var best = Region(
            lengths: lengths, shift: UInt64(64 - bits), start: Int32(cells.count), mask: 1 << Int32(bits) - 1)
        var fewest = Int.max
        var candidate = best
        candidate.multiplier = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<64 where fewest > 0 {
            let collisions = entries.count - Set(entries.map { candidate.index($0.head) }).count
            if collisions < fewest { (fewest, best) = (collisions, candidate) }
            candidate.multiplier = candidate.multiplier &* 0xD134_2543_DE82_EF95 | 1
        }
        return best
    }

    /// The step that the key at `start..<end` leads to, or -1.
    @inline(__always)
    func node(_ region: Region, _ text: RawSpan, _ start: Int, _ end: Int) -> Int32 {
        guard region.lengths & Region.lengthBit(end &- start) != 0 else { return -1 }
        let head = Self.head(text, start, end)
        var index = Int(region.start) &+ region.index(head)
        while true {
            let cell = cells[index]
            if cell.head == head, Int(cell.count) == end &- start, cell.count <= 8 || isSame(cell, text, start, end) {
                return cell.node
            }
            guard cell.isCrossed else { return -1 }
            index = region.next(index)
        }
    }

    /// Whether a key of more than eight bytes goes on as it begins.
    private func isSame(_ cell: Cell, _ text: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard cell.tail == Lexer.eight(text, end - 8) else { return false }
        for index in 8..<max(8, Int(cell.count) - 8)
        where bytes[Int(cell.start) + index] != Lexer.byte(text, start + index) { return false }
        return true
    }

    /// The first eight bytes, padded with zeros, and of longer keys the last eight.
    private static func words(_ text: RawSpan, _ start: Int, _ end: Int) -> (head: UInt64, tail: UInt64) {
        (head(text, start, end), end - start > 8 ? Lexer.eight(text, end - 8) : 0)
    }

    @inline(__always)
    private static func head(_ text: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        guard start &+ 8 <= text.byteCount else { return shortHead(text, start, end) }
        let head = Lexer.eight(text, start)
        let count = end &- start
        return count >= 8 ? head : head & ~(UInt64.max &<< UInt64(truncatingIfNeeded: count &<< 3))
    }

    private static func shortHead(_ text: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        (start..<end).reversed().reduce(0) { $0 << 8 | UInt64(Lexer.byte(text, $1)) }
    }
}

extension KeyTable.Region {
    /// Where the search for a key begins, counted from the table's first cell.
    @inline(__always)
    func index(_ head: UInt64) -> Int {
        Int(truncatingIfNeeded: (head &* multiplier) &>> shift)
    }

    /// The cell behind another one; the first one behind the last.
    @inline(__always)
    func next(_ index: Int) -> Int {
        Int(start) &+ (index &- Int(start) &+ 1) & Int(mask)
    }

    @inline(__always)
    static func lengthBit(_ count: Int) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: min(count, 63))
    }
}
