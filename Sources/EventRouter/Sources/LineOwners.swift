/// Whose the lines of a source are.
///
/// A line is of the session that it names, `"session": KEY`. A line that names none is of the source's own session, or, in a file with several
/// recordings, of the recording whose first line came last.
struct LineOwners {
    /// Which session a line is of.
    enum Owner: Hashable {
        /// The source's own.
        case source
        case named(String)
        /// A session that does not run.
        case unknown
    }

    /// Whose the lines are that name no session.
    private(set) var unnamed = Owner.source
    /// The keys under which lines name the source's own session: its own, and that of a recording's first line.
    private var ownKeys: Set<String>
    private var hasHeader = false
    private let isInteractive: Bool

    /// - Parameters:
    ///   - key: the key of the source's own session.
    ///   - isInteractive: whether the source is live. A live source has no recordings.
    init(key: String, isInteractive: Bool) {
        ownKeys = [key]
        self.isInteractive = isInteractive
    }

    /// The session of an envelope.
    func ofEnvelope(_ session: String) -> Owner { ownKeys.contains(session) ? .source : .named(session) }

    /// The session of a recording's first line.
    ///
    /// - Returns: the session, and whether it begins with this line: the source's own session has begun already.
    mutating func ofHeader(_ session: String) -> (owner: Owner, isNew: Bool) {
        guard !isInteractive else { return (ofEnvelope(session) == .source ? .source : unnamed, false) }
        guard hasHeader else {
            hasHeader = true
            ownKeys.insert(session)
            return (.source, false)
        }
        ownKeys.remove(session)
        unnamed = .named(session)
        return (unnamed, true)
    }

    /// Whether an end ends its session at once. The lines that name no session may go on, and tell why their session ended.
    func isFinal(_ owner: Owner) -> Bool { isInteractive || owner != unnamed }
}

/// Numbers the sessions of a name, `call`, `call#2`, `call#3`, so that no two have the same key.
///
/// A source may go on for months, so the memory is bounded: of the names that came long ago only a filter knows. It may take a new name for
/// one of these, which then begins with a higher number; it never takes an old name for a new one.
struct SessionKeyNumbering {
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
