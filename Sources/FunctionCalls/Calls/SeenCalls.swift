import EventRouter

/// The calls that came, so that each is run once.
///
/// By the session's object, not by its key: the same recording may be routed again under the same key, and then its
/// calls want answers again. What belongs to a session is forgotten when nobody knows the session any more.
struct SeenCalls {
    private struct Session {
        weak var session: RouterSession?
        var callIDs: Set<String> = []
    }

    private var sessions: [ObjectIdentifier: Session] = [:]
    private var sweepAt = 64

    /// Whether the call did not come before in this session; from now on it did.
    mutating func isFirst(_ callID: String, in session: RouterSession) -> Bool {
        let id = ObjectIdentifier(session)
        // The identifier may be that of a session that is gone.
        if sessions[id]?.session == nil {
            if sessions.count >= sweepAt { sweep() }
            sessions[id] = Session(session: session)
        }
        return sessions[id]?.callIDs.insert(callID).inserted ?? true
    }

    private mutating func sweep() {
        sessions = sessions.filter { $0.value.session != nil }
        sweepAt = max(64, sessions.count * 2)
    }
}
