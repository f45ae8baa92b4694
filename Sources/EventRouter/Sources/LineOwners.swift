/// Maps the lines of a source to sessions.
///
/// A line belongs to the session that it names, `"session": KEY`. A line without a name belongs to the source's own
/// session or, in a file with several recordings, to the recording whose header line came last.
struct LineOwners {
    /// The session that a line belongs to.
    enum Owner: Hashable {
        /// The source's own session.
        case source
        case named(String)
        /// A session that is not running.
        case unknown
    }

    /// The session of lines that name no session.
    private(set) var unnamed = Owner.source
    /// The keys that refer to the source's own session: its own key, and the key in a recording's header line.
    private var ownKeys: Set<String>
    private var hasHeader = false
    private let isInteractive: Bool

    /// - Parameters:
    ///   - key: the key of the source's own session.
    ///   - isInteractive: Whether the source is live. A live source has no recordings.
    init(key: String, isInteractive: Bool) {
        ownKeys = [key]
        self.isInteractive = isInteractive
    }

    /// The session that an envelope names.
    func ofEnvelope(_ session: String) -> Owner { ownKeys.contains(session) ? .source : .named(session) }

    /// The session that a recording's header line names.
    ///
    /// - Returns: The session, and whether it begins with this line. The source's own session has begun already.
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

    /// Whether a session's end line ends it immediately. Otherwise lines without a name may follow and still belong to
    /// it.
    func isFinal(_ owner: Owner) -> Bool { isInteractive || owner != unnamed }
}

/// Creates unique keys for sessions with the same name: `call`, `call#2`, `call#3`.
///
/// Memory is bounded, because a source may run for months: old names are kept only in a Bloom filter. The filter may
/// mistake a new name for an old one, which then begins with a higher number. It never mistakes an old name for a new
/// one.
struct SessionKeyNumbering {
    /// The number of names whose counts are kept exactly.
    static let limit = 4096

    private var counts: [String: Int] = [:]
    /// The names in ``counts``, as a ring buffer in the order of arrival.
    private var names: [String] = []
    private var oldest = 0
    private var forgotten = NameFilter()
    /// The highest number of any forgotten name.
    private var highestForgotten = 0

    /// Returns the key of the next session with a name.
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

/// A Bloom filter: tells that a name is certainly not a member, or that it may be one.
private struct NameFilter {
    /// With a million members, 1 of 40 other names is mistaken for a member.
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

    /// Deterministic, so that a replay makes the same keys.
    private static func places(_ name: String) -> [Int] {
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        // The low bits of FNV-1a are mixed less well than the high bits.
        let mixed = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
        let (first, step) = (mixed >> 32, mixed & 0xFFFF_FFFF | 1)
        return (0..<probes).map { Int((first &+ UInt64($0) &* step) % UInt64(bits)) }
    }
}
