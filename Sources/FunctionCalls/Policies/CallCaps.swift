import EventRouter

/// How many calls are taken at all; a call beyond that is answered with an error that says so.
package struct CallCaps: Sendable, Hashable {
    /// How many may wait because others run; nil for any number.
    package var queued: Int?
    /// How many of one turn of one session are taken, whatever becomes of them; nil for any number.
    package var perTurn: Int?
    /// How many of one session are taken, whatever becomes of them; nil for any number.
    package var perSession: Int?

    /// Makes caps.
    package init(queued: Int? = nil, perTurn: Int? = nil, perSession: Int? = nil) {
        self.queued = queued
        self.perTurn = perTurn
        self.perSession = perSession
    }

    /// Why a call is not taken, by its number in its turn and in its session, from 1.
    func refusal(inTurn: Int, inSession: Int) -> FunctionCallRefusal? {
        if let perSession, inSession > perSession { return .tooMany(perSession, in: "session") }
        if let perTurn, inTurn > perTurn { return .tooMany(perTurn, in: "turn") }
        return nil
    }
}
