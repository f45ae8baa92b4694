import EventRouter

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
