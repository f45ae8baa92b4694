import EventJSON
import RealtimeEvents

/// What the journal knows a call by: its session, its `call_id`, and which of the calls with that `call_id` it is.
struct CallIdentity: Sendable {
    /// The session's key; it stands in for a `sessionID` that is missing.
    let session: String
    /// The server's id of the session.
    let sessionID: String?
    let callID: String
    /// How often the session has used the `call_id`, this call included.
    var occurrence: Int
    let responseID: String?
    let itemID: String?
}

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
