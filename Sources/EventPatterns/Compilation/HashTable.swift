/// An immutable hash table with open addressing. Keys are well-mixed 64-bit hashes; values are 0 or greater.
///
/// Events of many sessions evict entries from the processor's caches between two lookups, so an entry takes 8 bytes. It
/// stores only the upper half of the hash; the lower half determines its position.
struct HashTable: Sendable {
    private struct Entry: Sendable {
        var upperHalf: UInt32 = 0
        /// -1 for an empty entry.
        var value: Int32 = -1
    }

    private let entries: [Entry]
    private let mask: UInt64
    /// A Bloom filter with one bit per hash, much larger than the table. Most texts in events are in no rule, and the
    /// filter rejects nearly all of these. Probing the half-full table alone would hit another key's entry every second
    /// time.
    private let filter: [UInt64]
    private let filterMask: UInt64

    /// Creates a table that is at most half full, so that failed lookups end early.
    init(_ values: [UInt64: Int32]) {
        var capacity = 2
        while capacity < values.count * 2 { capacity *= 2 }
        while true {
            if let entries = Self.entries(values, capacity) {
                self.entries = entries
                break
            }
            // Two hashes have the same upper half and probe the same entries. A larger table separates them.
            capacity *= 2
        }
        mask = UInt64(capacity - 1)
        var filter = [UInt64](repeating: 0, count: max(capacity / 8, 1))
        filterMask = UInt64(filter.count * 64 - 1)
        for hash in values.keys { filter[Int(hash & filterMask) >> 6] |= 1 << (hash & 63) }
        self.filter = filter
    }

    /// Fills a table of a given capacity; returns nil if two hashes cannot be told apart.
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

    /// The value for a hash; -1 if there is none.
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
