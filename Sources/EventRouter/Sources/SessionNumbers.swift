/// Numbers the sessions of a name, `call`, `call#2`, `call#3`, so that no two have the same key.
///
/// A source may go on for months, so the memory is bounded: of the names that came long ago only a filter knows. It may take a new name for
/// one of these, which then begins with a higher number; it never takes an old name for a new one.
struct SessionNumbers {
    /// So many names are remembered one by one.
    static let limit = 4096

    private var counts: [String: Int] = [:]
    /// The names in ``counts``, as a ring in the order in which they came.
    private var names: [String] = []
    private var oldest = 0
    private var forgotten = NameFilter()
    /// The highest number of a name that was forgotten.
    private var highestForgotten = 0

    /// The key of the next session of a name.
    mutating func nextKey(_ name: String) -> String {
        let count = next(name)
        return count == 1 ? name : "\(name)#\(count)"
    }

    private mutating func next(_ name: String) -> Int {
        if let count = counts[name] {
            counts[name] = count + 1
            return count + 1
        }
        let count = forgotten.mayContain(name) ? highestForgotten + 1 : 1
        if names.count < Self.limit {
            names.append(name)
        } else {
            forget(names[oldest])
            names[oldest] = name
            oldest = (oldest + 1) % Self.limit
        }
        counts[name] = count
        return count
    }

    private mutating func forget(_ name: String) {
        highestForgotten = max(highestForgotten, counts.removeValue(forKey: name) ?? 0)
        forgotten.insert(name)
    }
}

/// A Bloom filter: a set of names of which it can only be asked whether a name is certainly no member.
private struct NameFilter {
    /// With a million names one of 40 new names is taken for a member.
    private static let bits = 1 << 23
    private static let probes = 4

    private var words: [UInt64] = []

    mutating func insert(_ name: String) {
        if words.isEmpty { words = Array(repeating: 0, count: Self.bits / 64) }
        for place in Self.places(name) { words[place / 64] |= 1 << UInt64(place % 64) }
    }

    func mayContain(_ name: String) -> Bool {
        !words.isEmpty && Self.places(name).allSatisfy { words[$0 / 64] & 1 << UInt64($0 % 64) != 0 }
    }

    /// The same in every run, so that a replay gives the same keys.
    private static func places(_ name: String) -> [Int] {
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        // The low bits of FNV-1a are mixed less than the high ones.
        let mixed = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
        let (first, step) = (mixed >> 32, mixed & 0xFFFF_FFFF | 1)
        return (0..<probes).map { Int((first &+ UInt64($0) &* step) % UInt64(bits)) }
    }
}
