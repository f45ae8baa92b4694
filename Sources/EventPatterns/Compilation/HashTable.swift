/// An immutable table from hashes that are already well mixed to small values, with open addressing.
struct HashTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var hash: UInt64
        var value: Value
    }

    private let entries: [Entry?]
    private let mask: UInt64

    /// A table of these values; at most half full, so that a miss is soon known.
    init(_ values: [UInt64: Value]) {
        var capacity = 2
        while capacity < values.count * 2 { capacity *= 2 }
        mask = UInt64(capacity - 1)
        var entries = [Entry?](repeating: nil, count: capacity)
        for (hash, value) in values {
            var index = hash & mask
            while entries[Int(index)] != nil { index = (index + 1) & mask }
            entries[Int(index)] = Entry(hash: hash, value: value)
        }
        self.entries = entries
    }

    /// The value of a hash.
    @inline(__always)
    subscript(hash: UInt64) -> Value? {
        var index = hash & mask
        while let entry = entries[Int(index)] {
            if entry.hash == hash { return entry.value }
            index = (index + 1) & mask
        }
        return nil
    }
}
