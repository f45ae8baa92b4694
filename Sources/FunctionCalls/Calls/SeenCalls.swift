import EventRouter
import RealtimeEvents

/// The calls that came, so that each is run once.
///
/// By the session's object, not by its key: the same recording may be routed again under the same key, and then its
/// calls want answers again. What belongs to a session is forgotten when nobody knows the session any more.
struct SeenCalls {
    private struct Session {
        weak var session: RouterSession?
        var calls: Set<CallReference> = []
        var turns: [Int: Int] = [:]
        /// The line by which the user interrupted last.
        var interruptedAt = 0
    }

    private var sessions: [ObjectIdentifier: Session] = [:]
    private var sweepAt = 64

    /// The number of a call in its turn and in its session, from 1; nil when it came before in this session.
    mutating func number(
        _ call: CallReference, turn: Int, in session: RouterSession
    ) -> (inTurn: Int, inSession: Int)? {
        change(session) { seen in
            guard seen.calls.insert(call).inserted else { return nil }
            seen.turns[turn, default: 0] += 1
            return (seen.turns[turn] ?? 1, seen.calls.count)
        }
    }

    /// Notes that the user interrupted.
    mutating func noteInterruption(of session: RouterSession, at line: Int) {
        change(session) { $0.interruptedAt = max($0.interruptedAt, line) }
    }

    /// Whether the user has interrupted since a call of the session became ready.
    func isInterrupted(_ call: TakenCall) -> Bool {
        guard let seen = sessions[ObjectIdentifier(call.session)], seen.session != nil else { return false }
        return call.line < seen.interruptedAt
    }

    private mutating func change<Result>(_ session: RouterSession, _ body: (inout Session) -> Result) -> Result {
        let id = ObjectIdentifier(session)
        // The identifier may be that of a session that is gone.
        if sessions[id]?.session == nil {
            if sessions.count >= sweepAt { sweep() }
            sessions[id] = Session(session: session)
        }
        return body(&sessions[id, default: Session(session: session)])
    }

    private mutating func sweep() {
        sessions = sessions.filter { $0.value.session != nil }
        sweepAt = max(64, sessions.count * 2)
    }
}
