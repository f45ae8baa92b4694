/// An immutable table from hashes that are already well mixed to numbers from 0 on, with open addressing.
///
/// Many sessions' events pass through the caches between two looks at an entry, so an entry is small: of a hash it keeps the upper half,
/// the lower one says where it lies.
struct HashTable: Sendable {
    private struct Entry: Sendable {
        var upperHalf: UInt32 = 0
        /// -1 where there is none.
        var value: Int32 = -1
    }

    private let entries: [Entry]
    private let mask: UInt64
    /// A bit for each place of a hash in a far larger table, set where an entry would lie. Most texts of events are in no rule: for one
    /// of them a bit says so, nearly always, where the entry found at its place would be another's every other time.
    private let filter: [UInt64]
    private let filterMask: UInt64

    /// A table of these values; at most half full, so that a miss is soon known.
    init(_ values: [UInt64: Int32]) {
        var capacity = 2
        while capacity < values.count * 2 { capacity *= 2 }
        while true {
            if let entries = Self.entries(values, capacity) {
                self.entries = entries
                break
            }
            // Two hashes of which one would be taken for the other: in a larger table they lie apart.
            capacity *= 2
        }
        mask = UInt64(capacity - 1)
        var filter = [UInt64](repeating: 0, count: max(capacity / 8, 1))
        filterMask = UInt64(filter.count * 64 - 1)
        for hash in values.keys { filter[Int(hash & filterMask) >> 6] |= 1 << (hash & 63) }
        self.filter = filter
    }

    /// The entries of a table of this size; nil when two hashes could not be told apart.
    private static func entries(_ values: [UInt64: Int32], _ capacity: Int) -> [Entry]? {
        var entries = [Entry](repeating: Entry(), count: capacity)
        for (hash, value) in values {
            let upperHalf = UInt32(hash >> 32)
            var index = Int(hash & UInt64(capacity - 1))
            while entries[index].value >= 0 {
                if entries[index].upperHalf == upperHalf { return nil }
                index = (index + 1) & (capacity - 1)
            }
            entries[index] = Entry(upperHalf: upperHalf, value: value)
        }
        return entries
    }

    /// The value of a hash; -1 when it has none.
    @inline(__always)
    subscript(hash: UInt64) -> Int32 {
        guard filter[Int((hash & filterMask) &>> 6)] &>> (hash & 63) & 1 != 0 else { return -1 }
        let upperHalf = UInt32(truncatingIfNeeded: hash &>> 32)
        var index = hash & mask
        while true {
            let entry = entries[Int(index)]
            if entry.upperHalf == upperHalf || entry.value < 0 { return entry.value }
            index = (index &+ 1) & mask
        }
    }
}
