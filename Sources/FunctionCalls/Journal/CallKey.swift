/// A short stand-in for what a call is known by: 16 bytes, however long the ids are.
///
/// Two hashes, seeded anew in every process, so that nobody can choose ids that collide.
struct CallKey: Hashable, Sendable {
    private let high: Int
    private let low: Int

    init(_ parts: String...) {
        var (high, low) = (Hasher(), Hasher())
        low.combine(0)
        for part in parts {
            high.combine(part)
            low.combine(part)
        }
        self.high = high.finalize()
        self.low = low.finalize()
    }
}
