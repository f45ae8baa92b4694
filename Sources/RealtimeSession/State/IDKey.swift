internal import EventJSON

/// What stands for an id (of an item, a response, a call) in look-ups: a keyed hash of its bytes.
///
/// So that looking a known id up takes no string. The key of the hash is the process's own, so nobody who makes up ids can
/// make two of them meet, and by chance two meet in one of 10^9 sessions of 100,000 ids.
struct IDKey: Hashable, Sendable {
    private let hash: Int

    init(_ id: RawSpan) {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        hash = hasher.finalize()
    }

    init(_ id: String) {
        let utf8 = Array(id.utf8)
        self.init(utf8.span.bytes)
    }
}

/// A set of ids that forgets the oldest when it is full: what was done once and must not be done again.
struct RecentKeys: Sendable {
    let limit: Int
    private var members: Set<IDKey> = []
    /// A ring in order of arrival.
    private var ring: [IDKey] = []
    private var oldest = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { members.isEmpty }

    func contains(_ key: IDKey) -> Bool { members.contains(key) }

    /// Adds an id.
    ///
    /// - Returns: Whether the id is new, and the id that was forgotten for it.
    @discardableResult
    mutating func insert(_ key: IDKey) -> (isNew: Bool, forgotten: IDKey?) {
        guard members.insert(key).inserted else { return (false, nil) }
        guard ring.count == limit else {
            ring.append(key)
            return (true, nil)
        }
        let forgotten = ring[oldest]
        members.remove(forgotten)
        ring[oldest] = key
        oldest = (oldest + 1) % limit
        return (true, forgotten)
    }
}

/// A short text of the event at hand that may be asked for later, or not at all: an id.
///
/// Keeping one as long as the last, as ids are, allocates nothing and is a mere copy.
struct KeptText: Sendable {
    private var bytes: [UInt8] = []
    /// Whether there is no text.
    private(set) var isEmpty = true

    /// The text.
    var string: String { isEmpty ? "" : String(decoding: bytes, as: UTF8.self) }

    /// Puts a text in place of the one before.
    mutating func keep(_ text: RawSpan) {
        isEmpty = text.byteCount == 0
        unsafe text.withUnsafeBytes { source in
            guard source.count == bytes.count else { return bytes = unsafe [UInt8](source) }
            unsafe bytes.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
        }
    }

    /// Forgets the text.
    mutating func clear() { isEmpty = true }

    /// Whether it is this text.
    func equals(_ text: RawSpan) -> Bool {
        !isEmpty && text.byteCount == bytes.count && bytes.starts(with: text)
    }
}
