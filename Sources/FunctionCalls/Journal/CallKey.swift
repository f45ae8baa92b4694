import EventJSON

/// A short stand-in for what a call is known by: 16 bytes, however long the ids are.
///
/// Two hashes, seeded anew in every process, so that nobody can choose ids that collide.
struct CallKey: Hashable, Sendable {
    private let high: Int
    private let low: Int

    init(_ parts: [String]) {
        var (high, low) = (Hasher(), Hasher())
        high.combine(parts)
        low.combine(0)
        low.combine(parts)
        self.high = high.finalize()
        self.low = low.finalize()
    }

    /// Values that are equal give equal keys, whatever the order of an object's members; `1` and `"1"` do not.
    init(_ parts: [JSONValue]) { self.init(parts.map { Self.sorted($0).description }) }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(object.sorted { $0.key < $1.key }.map { (key: $0.key, value: sorted($0.value)) }))
        case .array(let elements): .array(elements.map(sorted))
        default: value
        }
    }
}
