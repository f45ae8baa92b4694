import EventJSON
import RealtimeEvents

/// A call's identity in the journal: its session, its `call_id`, and its occurrence among the calls with that
/// `call_id`.
struct CallIdentity: Sendable {
    /// The session's key; it identifies the session if `sessionID` is nil.
    let session: String
    /// The server's id of the session.
    let sessionID: String?
    let callID: String
    /// The number of this call among the session's calls with the same `call_id`, counted from 1.
    var occurrence: Int
    let responseID: String?
    let itemID: String?
}

/// A 16-byte hash key for a call, so that long ids take no more memory.
///
/// Consists of two hashes, seeded anew in every process, so that nobody can choose ids that collide.
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

    /// Creates equal keys for equal values, whatever the order of an object's members. `1` and `"1"` are different.
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
