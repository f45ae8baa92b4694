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
