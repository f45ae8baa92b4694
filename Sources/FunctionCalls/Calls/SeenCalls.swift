import EventRouter

/// The calls that came, so that each is run once.
///
/// By the session's object, not by its key: the same recording may be routed again under the same key, and then its
/// calls want answers again. What belongs to a session is forgotten when nobody knows the session any more.
struct SeenCalls {
    private struct Session {
        weak var session: RouterSession?
        var callIDs: Set<String> = []
        var turns: [Int: Int] = [:]
    }

    private var sessions: [ObjectIdentifier: Session] = [:]
    private var sweepAt = 64

    /// The number of a call in its turn and in its session, from 1; nil when it came before in this session.
    mutating func number(
        _ callID: String, turn: Int, in session: RouterSession
    ) -> (inTurn: Int, inSession: Int)? {
        let id = ObjectIdentifier(session)
        // The identifier may be that of a session that is gone.
        if sessions[id]?.session == nil {
            if sessions.count >= sweepAt { sweep() }
            sessions[id] = Session(session: session)
        }
        guard var seen = sessions.removeValue(forKey: id) else { return nil }
        defer { sessions[id] = seen }
        guard seen.callIDs.insert(callID).inserted else { return nil }
        seen.turns[turn, default: 0] += 1
        return (seen.turns[turn] ?? 1, seen.callIDs.count)
    }

    private mutating func sweep() {
        sessions = sessions.filter { $0.value.session != nil }
        sweepAt = max(64, sessions.count * 2)
    }
}
