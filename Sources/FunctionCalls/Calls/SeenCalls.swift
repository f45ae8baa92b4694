import EventRouter
import RealtimeEvents
import Synchronization

/// The calls that arrived, remembered so that each runs once.
///
/// Sessions are identified by their objects, not by their keys: the same recording may be routed again under the same
/// key, and its calls then need answers again. A session's calls are forgotten when the session object no longer
/// exists.
///
/// The number of calls is limited over all sessions. *Open* calls have no outcome yet: there are at most
/// ``CallCaps/open`` of them, with events of ``CallCaps/openBytes`` in total; a further call is refused. The last
/// ``CallCaps/remembered`` ended calls are remembered: beyond that, the calls of the oldest sessions are forgotten
/// first, and within a session the calls that ended first. Open calls are never forgotten.
struct SeenCalls {
    /// The position of a call that arrived for the first time.
    struct Arrival {
        /// The number of the call among those of its turn and of its session, counted from 1.
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
        var received = 0
        var remembered = 0
    }

    fileprivate struct Session {
        weak var session: RouterSession?
        /// The session's number in order of arrival, counted from 1.
        let number: Int
        var calls: [CallReference: Call] = [:]
        /// The ended calls, in the order of their ends.
        var ended: [CallReference] = []
        /// The number of calls that arrived, including forgotten ones.
        var received = 0
        /// The turns with remembered calls.
        var turns: [Int: Turn] = [:]
        /// The sequence number of the event with which the user last interrupted.
        var interruptedAt = 0
    }

    private var sessions: [ObjectIdentifier: Session] = [:]
    private var sessionCount = 0
    private var sweepThreshold = 64
    private var open = 0
    private var openBytes = 0
    private var ended = 0

    /// Registers a call as open until ``end(_:size:in:_:)``. Returns nil if the session had it before.
    ///
    /// - Parameter size: The size of the call's event, in bytes.
    mutating func register(
        _ call: CallReference, turn: Int, size: Int, in session: RouterSession, _ caps: CallCaps
    ) -> Arrival? {
        // A call larger than the limit is accepted if no other call is open.
        let hasRoom = open == 0 || open < caps.open && openBytes + size <= caps.openBytes
        let arrival = update(session) { seen -> Arrival? in
            guard seen.calls[call] == nil else { return nil }
            seen.calls[call] = Call(turn: turn)
            seen.received += 1
            seen.turns[turn, default: Turn()].received += 1
            seen.turns[turn, default: Turn()].remembered += 1
            return Arrival(inTurn: seen.turns[turn]?.received ?? 1, inSession: seen.received, hasRoom: hasRoom)
        }
        if arrival != nil {
            open += 1
            openBytes += size
        }
        return arrival
    }

    /// Records that the call has its outcome.
    mutating func end(_ call: CallReference, size: Int, in session: RouterSession, _ caps: CallCaps) {
        guard sessions[ObjectIdentifier(session)]?.calls[call]?.isOpen == true else { return }
        update(session) { seen in
            seen.calls[call]?.isOpen = false
            seen.ended.append(call)
        }
        open -= 1
        openBytes -= size
        ended += 1
        if ended > caps.remembered { forget(caps) }
    }

    /// Records an interruption by the user.
    mutating func recordInterruption(of session: RouterSession, at sequence: Int) {
        update(session) { $0.interruptedAt = max($0.interruptedAt, sequence) }
    }

    /// Whether the user has interrupted since the call became ready.
    func isInterrupted(_ call: PendingCall) -> Bool {
        guard let seen = sessions[ObjectIdentifier(call.session)], seen.session != nil else { return false }
        return call.sequence < seen.interruptedAt
    }

    private mutating func update<Result>(_ session: RouterSession, _ body: (inout Session) -> Result) -> Result {
        let id = ObjectIdentifier(session)
        // The identifier may belong to a deallocated session.
        if sessions[id]?.session == nil {
            if sessions.count >= sweepThreshold { sweep() }
            ended -= sessions[id]?.ended.count ?? 0
            sessionCount += 1
            sessions[id] = Session(session: session, number: sessionCount)
        }
        return body(&sessions[id, default: Session(session: session, number: sessionCount)])
    }

    private mutating func sweep() {
        sessions = sessions.filter { $0.value.session != nil }
        ended = sessions.values.reduce(0) { $0 + $1.ended.count }
        sweepThreshold = max(64, sessions.count * 2)
    }

    /// Forgets the oldest eighth of the remembered calls. Forgetting many together is cheaper than one by one, because
    /// it visits all sessions.
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

/// The calls that arrived at a handler and its predecessors, so that caps keep counting when the rules are replaced.
final class SharedSeenCalls: Sendable {
    private let calls = Mutex(SeenCalls())

    func withLock<Result>(_ body: (inout sending SeenCalls) throws -> sending Result) rethrows -> sending Result {
        try calls.withLock(body)
    }
}

extension CallCaps {
    /// The refusal of a call that exceeds the caps; nil if it does not.
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

/// Limits on the number of accepted calls and of remembered calls. A call beyond a limit is answered with an error that
/// states the reason.
package struct CallCaps: Sendable, Hashable {
    /// How many calls may wait while others run; nil: limited only by ``open``.
    package var queued: Int?
    /// How many calls of one turn of a session are accepted, whatever their results; nil for no limit.
    package var perTurn: Int?
    /// How many calls of one session are accepted, whatever their results; nil for no limit.
    package var perSession: Int?
    /// How many calls may have no outcome yet, over all sessions: those that run, and those that wait for a free slot,
    /// for an approval or for the answer of another call. Never less than ``queued``.
    package var open: Int
    /// The maximum total size of these calls' events, in bytes. A larger call is accepted if no other call is open.
    package var openBytes: Int
    /// How many ended calls are remembered, over all sessions, so that none of them runs twice; also the maximum number
    /// of cached answers for equivalent calls.
    package var remembered: Int

    /// Creates caps.
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
