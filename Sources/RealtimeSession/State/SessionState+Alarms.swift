internal import RealtimeEvents

// What time tells: an answer that does not come, an end that does.
extension SessionState {
    /// When time alone will bring something that somebody listens to, or that the server waits for, in seconds since the
    /// recording began; infinity for never.
    package var nextAlarm: Double {
        var next = Double.infinity
        if emitter.observed.contains(.routerTurnStalled) { next = min(next, alarms.stall) }
        if emitter.observed.contains(.routerUserIdle) { next = min(next, alarms.userWait.due) }
        if emitter.observed.contains(.routerSessionExpiring) { next = min(next, alarms.expiry) }
        if emitter.observed.contains(.routerUtteranceDone) { next = min(next, conversation.deadline) }
        if answering.sequencer.isHeldByClient { next = min(next, answering.sequencer.client.deadline) }
        if emitter.observed.contains(.routerErrorRaised), let first = mcpFailures.first {
            next = min(next, first.deadline)
        }
        return next
    }

    /// Takes in that so much time has passed and no event has come.
    ///
    /// What is due then is told now and not again with the next event. It follows from the last event: that is its cause, and its
    /// position is behind that.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func passTime(to time: Double, into derived: inout DerivedEvents) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        answering.sequencer.client.giveUp(at: time)
        guard hasStarted, endReason == nil else { return }
        emitter.clock.pass(to: time)
        if time >= alarms.next { ring(at: time) }
        if time >= conversation.deadline { conversation.releaseOverdue(at: time) }
        emitUtterances()
        raiseOverdueMCPFailures(at: time)
    }

    /// Tells what is due at the time of the event at hand, before that is taken in: it may be the one that was waited for.
    ///
    /// What was due first comes first, so that no place depends on when somebody asks.
    mutating func ring(at: Double) {
        while alarms.next <= at {
            let due = alarms.next
            if due == alarms.stall, let wait = alarms.takeStall(at: at) {
                emitStall(wait, at: at)
            } else if due == alarms.userWait.due, let idle = alarms.takeIdle(at: at) {
                emitIdle(idle.step, after: idle.waited)
            } else if let left = alarms.takeExpiry(at: at) {
                emitExpiry(left)
            } else {
                return
            }
        }
    }

    private mutating func emitStall(_ wait: EventAlarms.Wait, at: Double) {
        let about = wait.id.map { CallReference.label($0, occurrence: wait.occurrence) } ?? "turn-\(wait.turn)"
        emitter.emit(.routerTurnStalled, "turn.stalled/\(about)", turn: wait.turn) { (body: inout StalledTurn) in
            body.after = wait.after
            body.waitedMs = EventClock.milliseconds(from: wait.since, to: at)
            body.itemID = wait.after == .speech ? wait.id : nil
            body.callID = wait.after == .call ? wait.id : nil
            body.occurrence = wait.occurrence > 1 ? wait.occurrence : nil
        }
    }

    private mutating func emitExpiry(_ left: Double) {
        let expiresAt = alarms.expiresAt
        emitter.emit(.routerSessionExpiring, "session.expiring", turn: turn) { (body: inout ExpiringSession) in
            body.expiresInMs = EventClock.milliseconds(left)
            body.expiresAt = expiresAt
        }
    }

    /// The model has to say something now. In a session that only transcribes there is none.
    mutating func expectAnswer(after cause: StallCause, turn: Int, id: String?, occurrence: Int = 1) {
        guard !alarms.isModelSilent, let now = emitter.clock.now else { return }
        alarms.expect(EventAlarms.Wait(since: now, after: cause, turn: turn, id: id, occurrence: occurrence))
    }
}
