/// The keys of a ``FieldPlan``, in hash tables: one for each step, side by side.
///
/// Most keys of an event are not wanted, and one bit tells that of nearly all of them. The hash of the others is over the first eight
/// bytes; only a longer key that begins like a wanted one of its length takes a look at its last eight, and at those between.
struct KeyTable: Sendable {
    /// The table of one step.
    struct Region: Sendable {
        /// A bit for each key of the table, by its length and first byte.
        var filter: UInt64 = 0
        /// Where it begins in `firstCells`.
        var start: Int32 = 0
        /// Its size, a power of two, less one.
        var mask: Int32 = 0
        /// Whether a key without any letters is wanted: only ``cell(_:_:_:_:)`` finds that one.
        var hasEmptyKey = false
    }

    /// A key.
    struct Cell: Sendable {
        /// The first eight bytes, of a shorter key with zeros behind them.
        var head: UInt64 = 0
        /// The last eight bytes; only of a key that is longer than that.
        var tail: UInt64 = 0
        /// The key's length.
        var count: Int32 = -1
        /// The step that the key leads to.
        var node: Int32 = -1
        /// The slot of the path that ends there, or -1.
        var slot: Int32 = -1
        /// The next cell with the same hash, or 0.
        var next: Int32 = 0
    }

    /// The first one is that of every key which is not there.
    private(set) var cells: [Cell] = [Cell()]
    /// By hash, the first cell. The table of the steps without keys stands in front.
    private(set) var firstCells: [Int32] = [0]
    /// For each cell where its key lies in `bytes`.
    private var starts: [Int32] = [0]
    private var bytes: [UInt8] = []

    /// Adds a table of keys, no two of them equal, and the steps and slots that they lead to.
    mutating func add(_ keys: [(key: [UInt8], node: Int32, slot: Int32)]) -> Region {
        guard !keys.isEmpty else { return Region() }
        // At most a sixteenth of it is taken.
        let bits = Int.bitWidth - (keys.count * 16 - 1).leadingZeroBitCount
        var region = Region(start: Int32(firstCells.count), mask: 1 << Int32(bits) - 1)
        firstCells += Array(repeating: 0, count: 1 << bits)
        for (key, node, slot) in keys {
            let head = Self.head(key.span.bytes, 0, key.count)
            let place = region.place(head)
            if key.isEmpty { region.hasEmptyKey = true }
            region.filter |= 1 &<< Region.filterBit(key.first ?? 0, key.count)
            starts.append(Int32(bytes.count))
            bytes += key
            let tail = key.count > 8 ? Lexer.eight(key.span.bytes, key.count - 8) : 0
            cells.append(
                Cell(head: head, tail: tail, count: Int32(key.count), node: node, slot: slot, next: firstCells[place]))
            firstCells[place] = Int32(cells.count - 1)
        }
        return region
    }

    /// The cell of the key at `start..<end`; 0 when it is not there.
    func cell(_ region: Region, _ text: RawSpan, _ start: Int, _ end: Int) -> Int {
        let head = Self.head(text, start, end)
        var index = Int(firstCells[region.place(head)])
        while index != 0,
            !cells[index].isLike(head, end - start) || !endsAlike(index, cells[index].tail, text, start, end)
        {
            index = Int(cells[index].next)
        }
        return index
    }

    /// Whether a key that begins like that of a cell, and is as long, goes on like it.
    @inline(__always)
    func endsAlike(_ index: Int, _ tail: UInt64, _ text: RawSpan, _ start: Int, _ end: Int) -> Bool {
        end &- start <= 8
            || tail == Lexer.eight(text, end &- 8) && (end &- start <= 16 || middlesAreEqual(index, text, start, end))
    }

    @inline(never)
    private func middlesAreEqual(_ index: Int, _ text: RawSpan, _ start: Int, _ end: Int) -> Bool {
        let first = Int(starts[index])
        for offset in 8..<end - start - 8 where bytes[first + offset] != Lexer.byte(text, start + offset) {
            return false
        }
        return true
    }

    private static func head(_ text: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        let word = (start..<min(start + 8, end)).reversed().reduce(0) { $0 << 8 | UInt64(Lexer.byte(text, $1)) }
        return head(word, end - start)
    }

    /// The first eight bytes of a key of at least one byte, out of eight bytes that begin with it.
    @inline(__always)
    static func head(_ word: UInt64, _ count: Int) -> UInt64 {
        word & UInt64.max &>> UInt64(truncatingIfNeeded: 0 &- (min(count, 8) &<< 3))
    }
}

extension KeyTable.Cell {
    /// Whether a key begins like this one and is as long.
    @inline(__always)
    func isLike(_ head: UInt64, _ count: Int) -> Bool {
        self.head == head && Int(self.count) == count
    }
}

extension KeyTable.Region {
    /// Whether there may be a key that begins with a byte and has a length.
    @inline(__always)
    func mayHaveKey(_ first: UInt8, _ count: Int) -> Bool {
        filter &>> Self.filterBit(first, count) & 1 != 0
    }

    @inline(__always)
    static func filterBit(_ first: UInt8, _ count: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: Int(first) &- count)
    }

    /// Where a key is looked up.
    @inline(__always)
    func place(_ head: UInt64) -> Int {
        Int(start) &+ Int(truncatingIfNeeded: (head &* 0x9E37_79B9_7F4A_7C15) &>> 48) & Int(mask)
    }
}
