internal import RealtimeEvents

// What time tells: an answer that does not come, an end that does.
extension SessionState {
    /// Tells what is due at the time of the event at hand, before that is taken in: it may be the one that was waited for.
    mutating func ring(at: Double, into derived: inout DerivedEvents) {
        if let wait = alarms.takeStall(at: at) {
            let about = wait.id ?? "turn-\(wait.turn)"
            tell(.routerTurnStalled, "turn.stalled/\(about)", turn: wait.turn, into: &derived) {
                (body: inout StalledTurn) in
                body.after = wait.after
                body.waitedMs = EventClock.milliseconds(from: wait.since, to: at)
                body.itemID = wait.after == .speech ? wait.id : nil
                body.callID = wait.after == .call ? wait.id : nil
            }
        }
        if let left = alarms.takeExpiry(at: at) {
            let expiresAt = expiresAt
            tell(.routerSessionExpiring, "session.expiring", turn: turn, into: &derived) {
                (body: inout ExpiringSession) in
                body.expiresInMs = EventClock.milliseconds(left)
                body.expiresAt = expiresAt
            }
        }
    }

    /// The model has to say something now. In a session that only transcribes there is none.
    mutating func expectAnswer(after cause: StallCause, turn: Int, id: String?) {
        guard !isTranscriptionOnly, let at = clock.at else { return }
        alarms.expect(EventAlarms.Wait(since: at, after: cause, turn: turn, id: id))
    }
}
