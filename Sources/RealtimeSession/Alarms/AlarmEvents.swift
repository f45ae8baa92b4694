package import RealtimeEvents

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

// Whether the session waits for its user. Only events change that: a call that is answered meanwhile is seen with the next one, as in a
// recording of the session.
extension SessionState {
    /// The user spoke or wrote.
    mutating func noteUserAct() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.userActs(at: now) }
    }

    /// Something holds the wait for the user, or does not hold it any more.
    mutating func hold(_ hold: UserWait.Holds, _ isHeld: Bool) {
        guard let now = emitter.clock.now, alarms.userWait.holds.contains(hold) != isHeld else { return }
        alarms.changeUserWait { $0.set(hold, isHeld, at: now) }
    }

    /// Takes in whether a response of the conversation is active.
    mutating func noteActiveResponses() { hold(.response, !answering.sequencer.active.isEmpty) }

    /// Takes in that a response began: what a recorded session did about its calls is over.
    mutating func noteResponseOfWait() {
        alarms.changeUserWait { $0.hasRecordedCall = false }
        noteActiveResponses()
        releaseAnsweredCalls()
    }

    /// Takes in that there is a connection again.
    mutating func noteConnectionOfWait() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.set(.connection, false, at: now) }
    }

    /// Takes in how long the audio of a response that ended plays.
    mutating func notePlayback(of response: ResponseRecord, milliseconds: Int?) {
        guard !response.isOutOfBand, let now = emitter.clock.now else { return }
        if response.status == "cancelled" {
            alarms.changeUserWait { $0.stopAudio(at: now) }
        } else if let milliseconds, let first = response.firstAudioAt {
            alarms.changeUserWait { $0.addAudio(from: first, length: Double(milliseconds) / 1000) }
        }
    }

    /// Takes in that the server plays the model's audio, or that it has ended.
    mutating func notePlayback(_ isPlaying: Bool) {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.setPlaying(isPlaying, at: now) }
    }

    /// Takes in that the user hears no more of the model's audio.
    mutating func noteTruncation() {
        guard let now = emitter.clock.now else { return }
        alarms.changeUserWait { $0.stopAudio(at: now) }
    }

    /// Takes in that a call was offered to handlers, or waits for its output in the recording.
    mutating func noteCallOfWait() {
        if !configuration.isInteractive { alarms.changeUserWait { $0.hasRecordedCall = true } }
        hold(.call, true)
    }

    /// Takes in that the recording's conversation has the output of a call.
    mutating func noteRecordedOutputOfWait() {
        guard !configuration.isInteractive else { return }
        alarms.changeUserWait { $0.hasRecordedCall = false }
        releaseAnsweredCalls()
    }

    /// Ends the hold of calls if none is unanswered.
    mutating func releaseAnsweredCalls() {
        guard alarms.userWait.holds.contains(.call), !isCallUnanswered else { return }
        hold(.call, false)
    }

    private var isCallUnanswered: Bool {
        configuration.isInteractive
            ? answering.readyCalls.owed > 0 || answering.sequencer.client.hasCalls
            : alarms.userWait.hasRecordedCall || answering.replayedCalls.isAwaited
    }

    /// Emits that the user has been idle for a step.
    mutating func emitIdle(_ step: Int, after seconds: Double) {
        idleCount += 1
        emitter.emit(.routerUserIdle, "user.idle/\(idleCount)", turn: turn) { (body: inout IdleUser) in
            body.idleMs = EventClock.milliseconds(seconds)
            body.step = step
        }
    }
}

// What the source allows the session. It follows from the last event, as what time alone causes.
extension SessionState {
    /// Emits `router.session.limit`.
    ///
    /// - Parameters:
    ///   - limit: The limit that the session comes near.
    ///   - time: Seconds since the recording began; nil without times.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func announce(
        _ limit: ApproachingLimit, at time: Double?, into derived: inout DerivedEvents
    ) {
        guard hasStarted, endReason == nil else { return }
        passTimeIfDue(to: time, into: &derived)
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        let kind = limit.limit?.rawValue ?? "unknown"
        emitter.emit(.routerSessionLimit, "session.limit/\(kind)", turn: turn) { (body: inout ApproachingLimit) in
            let head = body.head
            body = limit
            body.head = head
        }
    }
}
