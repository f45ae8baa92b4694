package import RealtimeEvents

// Events caused by time alone: a stalled turn, an idle user, the session's approaching end.
extension SessionState {
    /// When time alone will next cause an observed event or release a response that waits for the client. In seconds
    /// since the recording began; infinity if there is no such time.
    package var nextAlarm: Double {
        var next = Double.infinity
        if emitter.observed.contains(.routerTurnStalled) { next = min(next, alarms.stall) }
        if emitter.observed.contains(.routerUserIdle) { next = min(next, alarms.userIdle.due) }
        if emitter.observed.contains(.routerSessionExpiring) { next = min(next, alarms.expiry) }
        if emitter.observed.contains(.routerUtteranceDone) { next = min(next, conversation.deadline) }
        if outbound.sequencer.isHeldByClient { next = min(next, outbound.sequencer.client.deadline) }
        if emitter.observed.contains(.routerErrorRaised), let first = mcpFailures.first {
            next = min(next, first.deadline)
        }
        return next
    }

    /// Advances event time when no event arrives, and emits the events that are due by then.
    ///
    /// The events follow from the last event: it is their cause, and their position is after it.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began.
    ///   - derived: Receives the derived events, in order.
    package mutating func advanceTime(to time: Double, into derived: inout DerivedEvents) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        outbound.sequencer.client.expire(at: time)
        guard hasStarted, endReason == nil else { return }
        emitter.clock.pass(to: time)
        if time >= alarms.next { fireAlarms(at: time) }
        if time >= conversation.deadline { conversation.releaseOverdue(at: time) }
        emitUtterances()
        raiseOverdueMCPFailures(at: time)
    }

    /// Emits the alarms that are due at the current event's time, before the event itself is applied: it may be the
    /// awaited event.
    ///
    /// Alarms fire in the order in which they were due, so that positions do not depend on when the caller asks.
    mutating func fireAlarms(at: Double) {
        while alarms.next <= at {
            let due = alarms.next
            if due == alarms.stall, let wait = alarms.takeStall(at: at) {
                emitStall(wait, at: at)
            } else if due == alarms.userIdle.due, let idle = alarms.takeIdle(at: at) {
                emitIdle(idle.step, after: idle.waited)
            } else if let left = alarms.takeExpiry(at: at) {
                emitExpiry(left)
            } else {
                return
            }
        }
    }

    private mutating func emitStall(_ wait: SessionAlarms.Wait, at: Double) {
        let about = wait.id.map { CallReference.label($0, occurrence: wait.occurrence) } ?? "turn-\(wait.turn)"
        emitter.emit(.routerTurnStalled, "turn.stalled/\(about)", turn: wait.turn) { (body: inout TurnStalled) in
            body.after = wait.after
            body.waitedMs = EventClock.milliseconds(from: wait.since, to: at)
            body.itemID = wait.after == .speech ? wait.id : nil
            body.callID = wait.after == .call ? wait.id : nil
            body.occurrence = wait.occurrence > 1 ? wait.occurrence : nil
        }
    }

    private mutating func emitExpiry(_ left: Double) {
        let expiresAt = alarms.expiresAt
        emitter.emit(.routerSessionExpiring, "session.expiring", turn: turn) { (body: inout SessionExpiring) in
            body.expiresInMs = EventClock.milliseconds(left)
            body.expiresAt = expiresAt
        }
    }

    /// Starts waiting for the model's answer, unless the session only transcribes.
    mutating func expectAnswer(after cause: StallCause, turn: Int, id: String?, occurrence: Int = 1) {
        guard !alarms.isModelSilent, let now = emitter.clock.now else { return }
        alarms.startWaiting(SessionAlarms.Wait(since: now, after: cause, turn: turn, id: id, occurrence: occurrence))
    }
}

// The user's idle timer. Only events change it: an answered call is noticed with the next event, as in a recording of
// the session.
extension SessionState {
    /// Records that the user spoke or wrote.
    mutating func noteUserActivity() {
        guard let now = emitter.clock.now else { return }
        alarms.updateUserIdle { $0.userWasActive(at: now) }
    }

    /// Adds or removes a reason to pause the idle timer.
    mutating func setUserIdlePause(_ reason: UserIdleTimer.Pauses, _ isActive: Bool) {
        guard let now = emitter.clock.now, alarms.userIdle.pauses.contains(reason) != isActive else { return }
        alarms.updateUserIdle { $0.set(reason, isActive, at: now) }
    }

    /// Pauses the idle timer while a response is active in the conversation.
    mutating func noteActiveResponses() { setUserIdlePause(.response, !outbound.sequencer.active.isEmpty) }

    /// Records that a response began: the recorded session has dealt with its earlier calls.
    mutating func noteResponseStarted() {
        alarms.updateUserIdle { $0.hasRecordedCall = false }
        noteActiveResponses()
        releaseAnsweredCalls()
    }

    /// Resumes the idle timer, because the connection is back.
    mutating func noteConnectionRestored() {
        guard let now = emitter.clock.now else { return }
        alarms.updateUserIdle { $0.set(.connection, false, at: now) }
    }

    /// Adds the audio of an ended response to the calculated playback.
    mutating func notePlayback(of response: ResponseRecord, milliseconds: Int?) {
        guard !response.isOutOfBand, let now = emitter.clock.now else { return }
        if response.status == "cancelled" {
            alarms.updateUserIdle { $0.stopAudio(at: now) }
        } else if let milliseconds, let first = response.firstAudioAt {
            alarms.updateUserIdle { $0.addAudio(from: first, length: Double(milliseconds) / 1000) }
        }
    }

    /// Records that the server started or stopped playing the model's audio.
    mutating func notePlayback(_ isPlaying: Bool) {
        guard let now = emitter.clock.now else { return }
        alarms.updateUserIdle { $0.setPlaying(isPlaying, at: now) }
    }

    /// Records that the model's audio was truncated, so that the user hears no more of it.
    mutating func noteTruncation() {
        guard let now = emitter.clock.now else { return }
        alarms.updateUserIdle { $0.stopAudio(at: now) }
    }

    /// Records that a call was offered to handlers, or waits for its output in the recording.
    mutating func noteOfferedCall() {
        if !configuration.isInteractive { alarms.updateUserIdle { $0.hasRecordedCall = true } }
        setUserIdlePause(.call, true)
    }

    /// Records that the recording's conversation contains the output of a call.
    mutating func noteRecordedCallAnswered() {
        guard !configuration.isInteractive else { return }
        alarms.updateUserIdle { $0.hasRecordedCall = false }
        releaseAnsweredCalls()
    }

    /// Ends the pause for calls when every call is answered.
    mutating func releaseAnsweredCalls() {
        guard alarms.userIdle.pauses.contains(.call), !isCallUnanswered else { return }
        setUserIdlePause(.call, false)
    }

    private var isCallUnanswered: Bool {
        configuration.isInteractive
            ? outbound.readyCalls.takenCount > 0 || outbound.sequencer.client.hasCalls
            : alarms.userIdle.hasRecordedCall || outbound.replayedCalls.isAwaited
    }

    /// Emits `router.user.idle` for a step.
    mutating func emitIdle(_ step: Int, after seconds: Double) {
        idleCount += 1
        emitter.emit(.routerUserIdle, "user.idle/\(idleCount)", turn: turn) { (body: inout UserIdle) in
            body.idleMs = EventClock.milliseconds(seconds)
            body.step = step
        }
    }
}

// Limits that the source sets. The event follows from the last event, like those that time alone causes.
extension SessionState {
    /// Emits `router.session.limit`.
    ///
    /// - Parameters:
    ///   - limit: The limit that the session approaches.
    ///   - time: Seconds since the recording began; nil if the source has no times.
    ///   - derived: Receives the derived events, in order.
    package mutating func announce(
        _ limit: SessionLimitApproaching, at time: Double?, into derived: inout DerivedEvents
    ) {
        guard hasStarted, endReason == nil else { return }
        passTimeIfDue(to: time, into: &derived)
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        let kind = limit.limit?.rawValue ?? "unknown"
        emitter.emit(.routerSessionLimit, "session.limit/\(kind)", turn: turn) {
            (body: inout SessionLimitApproaching) in
            let head = body.head
            body = limit
            body.head = head
        }
    }
}
