/// The keys of a ``FieldPlan``, in one hash table for each node of the plan. All tables share flat arrays.
///
/// Most keys of an event are not in the plan, and one bit of a filter rejects nearly all of them. The hash of the
/// remaining keys covers their first eight bytes. A longer key is compared further only if its first eight bytes and
/// its length match a key of the plan.
struct KeyTable: Sendable {
    /// The table of one node.
    struct Region: Sendable {
        /// A filter with one bit for each key of the table, chosen by the key's length and first byte.
        var filter: UInt64 = 0
        /// The index of the table's first bucket in `buckets`.
        var start: Int32 = 0
        /// The table's size, which is a power of two, minus one.
        var mask: Int32 = 0
        /// Whether the table contains the empty key. Only ``cell(_:_:_:_:)`` finds it.
        var hasEmptyKey = false
    }

    /// A key.
    struct Cell: Sendable {
        /// The first eight bytes, padded with zeros.
        var head: UInt64 = 0
        /// The last eight bytes of a key longer than eight bytes; otherwise 0.
        var tail: UInt64 = 0
        /// The key's length.
        var count: Int32 = -1
        /// The node that the key leads to.
        var node: Int32 = -1
        /// The slot of the path that ends there, or -1.
        var slot: Int32 = -1
        /// The next cell with the same hash, or 0.
        var next: Int32 = 0
    }

    /// The cells. The first cell represents every key that is not in a table.
    private(set) var cells: [Cell] = [Cell()]
    /// For each hash, the index of the first cell. The first bucket belongs to the nodes without keys.
    private(set) var buckets: [Int32] = [0]
    /// For each cell, the offset of its key in `bytes`.
    private var starts: [Int32] = [0]
    private var bytes: [UInt8] = []

    /// Adds a table of different keys with the nodes and slots that they lead to.
    mutating func add(_ keys: [(key: [UInt8], node: Int32, slot: Int32)]) -> Region {
        guard !keys.isEmpty else { return Region() }
        // At most a sixteenth of the buckets are used.
        let bits = Int.bitWidth - (keys.count * 16 - 1).leadingZeroBitCount
        var region = Region(start: Int32(buckets.count), mask: 1 << Int32(bits) - 1)
        buckets += Array(repeating: 0, count: 1 << bits)
        for (key, node, slot) in keys {
            let head = Self.head(key.span.bytes, 0, key.count)
            let bucket = region.bucket(head)
            if key.isEmpty { region.hasEmptyKey = true }
            region.filter |= 1 &<< Region.filterBit(key.first ?? 0, key.count)
            starts.append(Int32(bytes.count))
            bytes += key
            let tail = key.count > 8 ? Lexer.load64(key.span.bytes, key.count - 8) : 0
            cells.append(
                Cell(head: head, tail: tail, count: Int32(key.count), node: node, slot: slot, next: buckets[bucket]))
            buckets[bucket] = Int32(cells.count - 1)
        }
        return region
    }

    /// The cell of the key at `start..<end`; 0 if the key is not in the table.
    func cell(_ region: Region, _ text: RawSpan, _ start: Int, _ end: Int) -> Int {
        let head = Self.head(text, start, end)
        var index = Int(buckets[region.bucket(head)])
        while index != 0,
            !cells[index].matchesHead(head, end - start) || !matchesRest(index, cells[index].tail, text, start, end)
        {
            index = Int(cells[index].next)
        }
        return index
    }

    /// Whether a key equals a cell's key, given that they have the same length and the same first eight bytes.
    @inline(__always)
    func matchesRest(_ index: Int, _ tail: UInt64, _ text: RawSpan, _ start: Int, _ end: Int) -> Bool {
        end &- start <= 8
            || tail == Lexer.load64(text, end &- 8) && (end &- start <= 16 || middlesAreEqual(index, text, start, end))
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

    /// The first eight bytes of a key, padded with zeros, from eight bytes that begin with the key. The key has at
    /// least one byte.
    @inline(__always)
    static func head(_ word: UInt64, _ count: Int) -> UInt64 {
        word & UInt64.max &>> UInt64(truncatingIfNeeded: 0 &- (min(count, 8) &<< 3))
    }
}

extension KeyTable.Cell {
    /// Whether a key has the same first eight bytes and the same length as this one.
    @inline(__always)
    func matchesHead(_ head: UInt64, _ count: Int) -> Bool {
        self.head == head && Int(self.count) == count
    }
}

extension KeyTable.Region {
    /// Whether the table may contain a key with this first byte and this length.
    @inline(__always)
    func mayHaveKey(_ first: UInt8, _ count: Int) -> Bool {
        filter &>> Self.filterBit(first, count) & 1 != 0
    }

    @inline(__always)
    static func filterBit(_ first: UInt8, _ count: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: Int(first) &- count)
    }

    /// The index of the bucket of a key.
    @inline(__always)
    func bucket(_ head: UInt64) -> Int {
        Int(start) &+ Int(truncatingIfNeeded: (head &* 0x9E37_79B9_7F4A_7C15) &>> 48) & Int(mask)
    }
}
