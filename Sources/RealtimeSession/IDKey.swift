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
