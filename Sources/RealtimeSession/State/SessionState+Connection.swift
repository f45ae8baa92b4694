internal import RealtimeEvents

// What happens to the connection. Like events that time alone causes, these events follow from the last event: their position is behind it.
extension SessionState {
    /// Takes in that the connection was lost, and emits `router.connection.lost`. A second loss in a row is ignored.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil without times.
    ///   - reason: Why it was lost, for people.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func loseConnection(at time: Double?, reason: String?, into derived: inout DerivedEvents) {
        guard !connection.isLost else { return }
        passTimeIfDue(to: time, into: &derived)
        connection.isLost = true
        connection.lostAt = time
        guard hasStarted, endReason == nil else { return }
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        hold(.connection, true)
        connection.lossCount += 1
        emitter.emit(.routerConnectionLost, "connection.lost/\(connection.lossCount)", turn: turn) {
            (body: inout LostConnection) in
            body.reason = reason
        }
    }

    /// Takes in that the connection is there again, and that the server knows the session. Emits `router.connection.restored`, unless no
    /// loss was reported.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil without times.
    ///   - attempt: The number of the attempt that succeeded, from 1.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func restoreConnection(at time: Double?, attempt: Int?, into derived: inout DerivedEvents) {
        guard connection.isLost else { return }
        emitReturn(at: time, attempt: attempt, isRenewed: false, into: &derived)
    }

    /// Takes in that the connection was made anew: the next `session.created` goes on with this session. Its responses are over. Emits
    /// `router.connection.restored`.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil without times.
    ///   - attempt: The number of the attempt that succeeded, from 1.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func renewConnection(at time: Double?, attempt: Int?, into derived: inout DerivedEvents) {
        isRenewed = true
        answering.renewConnection()
        if hasStarted, endReason == nil {
            passTimeIfDue(to: time, into: &derived)
            emitter.exchangeEvents(with: &derived)
            settleConnection()
            emitter.exchangeEvents(with: &derived)
        }
        emitReturn(at: time, attempt: attempt, isRenewed: true, into: &derived)
    }

    private mutating func emitReturn(
        at time: Double?, attempt: Int?, isRenewed: Bool, into derived: inout DerivedEvents
    ) {
        passTimeIfDue(to: time, into: &derived)
        let gap = EventClock.milliseconds(from: connection.lostAt, to: time)
        connection.isLost = false
        connection.lostAt = nil
        guard hasStarted, endReason == nil else { return }
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        noteConnectionOfWait()
        connection.returnCount += 1
        emitter.emit(.routerConnectionRestored, "connection.restored/\(connection.returnCount)", turn: turn) {
            (body: inout RestoredConnection) in
            body.attempt = attempt
            body.gapMs = gap
            body.renewed = isRenewed ? true : nil
        }
    }

    /// Ends what was open on the connection: nothing more comes of it.
    private mutating func settleConnection() {
        conversation.endStreams(onlySentences: true, at: emitter.clock.at)
        conversation.closeAll(at: emitter.clock.at)
        emitUtterances()
        for (key, _) in calls.open() {
            drop(key, "The connection was renewed before the call was complete, so the call was not run.")
        }
        for key in responses.interrupted { emitInterruption(key) }
        responses.leaveCurrent()
        alarms.changeUserWait { $0.renewConnection() }
        conversation.beginConnection()
    }

    /// Emits what is due by then, and makes the time that of what follows.
    mutating func passTimeIfDue(to time: Double?, into derived: inout DerivedEvents) {
        guard let time, hasStarted, endReason == nil else { return }
        if time >= nextAlarm { passTime(to: time, into: &derived) } else { emitter.clock.pass(to: time) }
    }
}
