internal import EventJSON

/// A keyed hash that replaces the id of an item, response or call in lookups.
///
/// A lookup of a known id then needs no `String`. The hash key is random for each process, so a hostile server cannot
/// construct two ids with the same hash. By chance two ids collide in one of 10^9 sessions with 100,000 ids.
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

/// A set of ids that drops the oldest id when it is full. It remembers what must not be done twice.
struct RecentKeys: Sendable {
    let limit: Int
    private var members: Set<IDKey> = []
    /// A ring buffer of the ids in order of arrival.
    private var ring: [IDKey] = []
    private var oldest = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { members.isEmpty }

    func contains(_ key: IDKey) -> Bool { members.contains(key) }

    /// Adds an id.
    ///
    /// - Returns: Whether the id is new, and the id that was dropped to make room.
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

/// A reusable copy of a short text, such as an id, that may be read later or not at all.
///
/// Ids mostly have the same length, and storing a text as long as the last one allocates nothing.
struct ReusableText: Sendable {
    private var bytes: [UInt8] = []
    /// Whether there is no text.
    private(set) var isEmpty = true

    /// The text.
    var string: String { isEmpty ? "" : String(decoding: bytes, as: UTF8.self) }

    /// Replaces the text.
    mutating func set(_ text: RawSpan) {
        isEmpty = text.byteCount == 0
        unsafe text.withUnsafeBytes { source in
            guard source.count == bytes.count else { return bytes = unsafe [UInt8](source) }
            unsafe bytes.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
        }
    }

    /// Removes the text.
    mutating func clear() { isEmpty = true }

    /// Whether the stored text equals `text`.
    func equals(_ text: RawSpan) -> Bool {
        !isEmpty && text.byteCount == bytes.count && bytes.starts(with: text)
    }
}
