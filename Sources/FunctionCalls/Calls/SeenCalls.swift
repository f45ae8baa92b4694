import EventRouter
import RealtimeEvents
import Synchronization

/// The calls that came, so that each is run once.
///
/// By the session's object, not by its key: the same recording may be routed again under the same key, and then its
/// calls want answers again. What belongs to a session is forgotten when nobody knows the session any more.
///
/// Both kinds of calls are bounded, over all sessions. Of *open* calls, which have no outcome yet, there are at most ``CallCaps/open``, with
/// events of ``CallCaps/openBytes``: a further one has no room. Of calls that have ended the last ``CallCaps/remembered`` are known: beyond
/// them the oldest sessions' calls are forgotten first, and in a session those that ended first. An open call is never forgotten.
struct SeenCalls {
    /// What is known of a call that came for the first time.
    struct Arrival {
        /// Its number among the calls of its turn and of its session, from 1.
        let inTurn: Int
        let inSession: Int
        /// Whether there is room for another open call.
        let hasRoom: Bool
    }

    fileprivate struct Call {
        let turn: Int
        var isOpen = true
    }

    fileprivate struct Turn {
        var taken = 0
        var remembered = 0
    }

    fileprivate struct Session {
        weak var session: RouterSession?
        /// The number of sessions that came before.
        let number: Int
        var calls: [CallReference: Call] = [:]
        /// Those of the calls that have ended, in the order of their ends.
        var ended: [CallReference] = []
        /// All calls that came, forgotten ones too.
        var taken = 0
        /// The turns of which calls are known.
        var turns: [Int: Turn] = [:]
        /// The number of the event by which the user interrupted last.
        var interruptedAt = 0
    }

    private var sessions: [ObjectIdentifier: Session] = [:]
    private var sessionCount = 0
    private var sweepAt = 64
    private var open = 0
    private var openBytes = 0
    private var ended = 0

    /// Notes a call, which is open until ``end(_:size:in:_:)``; nil when it came before in this session.
    ///
    /// - Parameter size: The size of its event, in bytes.
    mutating func take(
        _ call: CallReference, turn: Int, size: Int, in session: RouterSession, _ caps: CallCaps
    ) -> Arrival? {
        // One that is larger than the bound runs alone.
        let hasRoom = open == 0 || open < caps.open && openBytes + size <= caps.openBytes
        let arrival = change(session) { seen -> Arrival? in
            guard seen.calls[call] == nil else { return nil }
            seen.calls[call] = Call(turn: turn)
            seen.taken += 1
            seen.turns[turn, default: Turn()].taken += 1
            seen.turns[turn, default: Turn()].remembered += 1
            return Arrival(inTurn: seen.turns[turn]?.taken ?? 1, inSession: seen.taken, hasRoom: hasRoom)
        }
        if arrival != nil {
            open += 1
            openBytes += size
        }
        return arrival
    }

    /// The call has its outcome.
    mutating func end(_ call: CallReference, size: Int, in session: RouterSession, _ caps: CallCaps) {
        guard sessions[ObjectIdentifier(session)]?.calls[call]?.isOpen == true else { return }
        change(session) { seen in
            seen.calls[call]?.isOpen = false
            seen.ended.append(call)
        }
        open -= 1
        openBytes -= size
        ended += 1
        if ended > caps.remembered { forget(caps) }
    }

    /// Notes that the user interrupted.
    mutating func noteInterruption(of session: RouterSession, at sequence: Int) {
        change(session) { $0.interruptedAt = max($0.interruptedAt, sequence) }
    }

    /// Whether the user has interrupted since a call of the session became ready.
    func isInterrupted(_ call: TakenCall) -> Bool {
        guard let seen = sessions[ObjectIdentifier(call.session)], seen.session != nil else { return false }
        return call.sequence < seen.interruptedAt
    }

    private mutating func change<Result>(_ session: RouterSession, _ body: (inout Session) -> Result) -> Result {
        let id = ObjectIdentifier(session)
        // The identifier may be that of a session that is gone.
        if sessions[id]?.session == nil {
            if sessions.count >= sweepAt { sweep() }
            ended -= sessions[id]?.ended.count ?? 0
            sessionCount += 1
            sessions[id] = Session(session: session, number: sessionCount)
        }
        return body(&sessions[id, default: Session(session: session, number: sessionCount)])
    }

    private mutating func sweep() {
        sessions = sessions.filter { $0.value.session != nil }
        ended = sessions.values.reduce(0) { $0 + $1.ended.count }
        sweepAt = max(64, sessions.count * 2)
    }

    /// Forgets the oldest of the calls that have ended, an eighth of them: going through the sessions takes its time.
    private mutating func forget(_ caps: CallCaps) {
        sweep()
        let kept = caps.remembered - caps.remembered / 8
        for id in sessions.keys.sorted(by: { sessions[$0]?.number ?? 0 < sessions[$1]?.number ?? 0 }) {
            guard ended > kept else { return }
            let count = min(ended - kept, sessions[id]?.ended.count ?? 0)
            sessions[id]?.forget(count)
            ended -= count
        }
    }
}

/// The calls that came to a handler and to those in whose place it is, so that caps go on counting when rules are replaced.
final class SharedSeenCalls: Sendable {
    private let calls = Mutex(SeenCalls())

    func withLock<Result>(_ body: (inout sending SeenCalls) throws -> sending Result) rethrows -> sending Result {
        try calls.withLock(body)
    }
}

extension CallCaps {
    /// Why a call is not taken; nil if it is.
    func refusal(of arrival: SeenCalls.Arrival) -> FunctionCallRefusal? {
        if let perSession, arrival.inSession > perSession { return .tooMany(perSession, in: "session") }
        if let perTurn, arrival.inTurn > perTurn { return .tooMany(perTurn, in: "turn") }
        return arrival.hasRoom ? nil : .queueIsFull
    }
}

extension SeenCalls.Session {
    /// Forgets the calls that ended first.
    fileprivate mutating func forget(_ count: Int) {
        for reference in ended.prefix(count) {
            guard let turn = calls.removeValue(forKey: reference)?.turn else { continue }
            turns[turn]?.remembered -= 1
            if turns[turn]?.remembered == 0 { turns[turn] = nil }
        }
        ended.removeFirst(count)
    }
}

/// How many calls are taken at all; a call beyond that is answered with an error that says so. And how many are remembered.
package struct CallCaps: Sendable, Hashable {
    /// How many may wait because others run; nil for as many as may be ``open``.
    package var queued: Int?
    /// How many of one turn of one session are taken, whatever becomes of them; nil for any number.
    package var perTurn: Int?
    /// How many of one session are taken, whatever becomes of them; nil for any number.
    package var perSession: Int?
    /// How many may have no outcome yet, over all sessions: calls that run, and those that wait for their turn, for an approval, or for
    /// the answer of another call. Never less than ``queued``.
    package var open: Int
    /// The size of the events of these calls, in bytes. A call that is larger is taken while no other has no outcome.
    package var openBytes: Int
    /// How many calls that have an outcome are remembered, over all sessions, so that none of them runs twice; and of how many the answers
    /// are kept for calls that mean the same.
    package var remembered: Int

    /// Makes caps.
    package init(
        queued: Int? = nil, perTurn: Int? = nil, perSession: Int? = nil, open: Int = 65_536,
        openBytes: Int = 256 << 20, remembered: Int = 65_536
    ) {
        self.queued = queued
        self.perTurn = perTurn
        self.perSession = perSession
        self.open = max(open, queued ?? 0)
        self.openBytes = openBytes
        self.remembered = remembered
    }
}
