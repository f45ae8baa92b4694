internal import EventJSON
package import RealtimeEvents

extension SessionState {
    /// Applies the server's session configuration.
    mutating func configure(_ code: EventType.Code, _ event: borrowing EventReader) {
        if let language = event.string(event.fields.sessionLanguage) { conversation.outputLanguage = language }
        if let id = event.string(event.fields.sessionID), emitter.identity.id == nil { emitter.identity.id = id }
        conversation.userAudio.isDescribed = true
        if event.value(event.fields.transcription) != nil || event.value(event.fields.betaTranscription) != nil {
            conversation.transcribes =
                event.has(event.fields.transcription) || event.has(event.fields.betaTranscription)
        }
        alarms.isModelSilent = isTranscription(code, event)
        if alarms.isModelSilent { conversation.transcribes = true }
        alarms.expiresAt = event.int(event.fields.sessionExpiresAt) ?? alarms.expiresAt
        responses.audioRate =
            AudioRate.read(event.fields.sessionFormat, rate: event.fields.sessionRate, event)
            ?? AudioRate.read(event.fields.betaSessionFormat, rate: nil, event) ?? responses.audioRate
    }

    /// Switches to the dialect that the session's `type` names, if it is not the default.
    mutating func chooseDialect(_ event: borrowing EventReader) {
        guard let type = event.string(event.fields.sessionType), let dialect = Dialect(rawValue: type),
            dialect != .realtime
        else { return }
        self.dialect = dialect
    }

    /// Emits `router.session.started`.
    mutating func start(_ code: EventType.Code, _ event: borrowing EventReader) {
        hasStarted = true
        if let now = emitter.clock.now { alarms.start(at: now) }
        setUserIdlePause(.start, false)
        if emitter.identity.id == nil { emitter.identity.id = event.string(event.fields.sessionID) }
        let model = event.string(event.fields.sessionModel)
        let kind =
            event.string(event.fields.sessionType)
            ?? (isTranscription(code, event)
                ? "transcription" : dialect == .translation ? "translation" : nil)
        let transcription =
            event.string(event.fields.transcriptionModel)
            ?? event.string(event.fields.betaTranscriptionModel)
        let source = configuration.source
        emitter.emit(.routerSessionStarted, "session.started", turn: turn) { (body: inout SessionStarted) in
            body.model = model
            body.kind = kind
            body.inputTranscription = transcription
            body.source = source
        }
    }

    private func isTranscription(_ code: EventType.Code, _ event: borrowing EventReader) -> Bool {
        code == .transcriptionSessionCreated || code == .transcriptionSessionUpdated
            || event.equals(event.fields.sessionType, "transcription")
    }

    /// Starts the source's next session when `session.created` names another id.
    ///
    /// Outcomes of the old session's calls may still arrive after its `router.session.ended`; they carry the old
    /// session's key.
    mutating func replaceSession(_ event: borrowing EventReader) {
        defer { isRenewed = false }
        guard hasStarted, let known = emitter.identity.id, let id = event.string(event.fields.sessionID), id != known
        else { return }
        guard !isRenewed else { return emitter.identity.id = id }
        settleAll()
        emitEnd(.replaced)
        self = SessionState(after: self)
    }

    /// Ends the source. Open items are closed, calls that still wait for a `response.done` become ready, and nothing
    /// waits for the server any longer.
    package mutating func endOfSource(_ reason: SessionEndReason, into derived: inout DerivedEvents) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        guard endReason == nil else { return }
        endReason = isExpired && reason == .disconnected ? .expired : reason
        emitter.clock.forgetEvent()
        if hasStarted { settleAll() }
        outbound.sequencer.endOfSource()
    }

    /// Emits `router.session.ended`. Call it after the outcomes of ``outstandingCallCount``.
    ///
    /// Emits nothing if the source had no event, because without an event there is no session.
    package mutating func finish(into derived: inout DerivedEvents) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        guard hasStarted, let reason = endReason else { return }
        emitEnd(reason)
        hasStarted = false
    }

    private mutating func settleAll() {
        pendingAtEnd = conversation.countPendingTranscripts()
        conversation.endStreams(onlySentences: true, at: emitter.clock.at)
        conversation.closeAll(at: emitter.clock.at)
        emitUtterances()
        raiseMCPFailures { _, _ in true }
        settleCalls()
        settleReplayedCalls()
        for key in responses.interrupted { emitInterruption(key) }
    }

    private mutating func emitEnd(_ reason: SessionEndReason) {
        let isUntranscribed = conversation.userAudio.isUntranscribed
        if isUntranscribed { untranscribedSessions += 1 }
        let totals = emitter.totals.payload
        let duration = reason == .replaced ? emitter.clock.previousDuration : emitter.clock.duration
        let pending = pendingAtEnd
        emitter.emit(.routerSessionEnded, "session.ended", turn: turn) { (body: inout SessionEnded) in
            body.reason = reason
            body.durationMs = duration
            body.totals = totals
            if isUntranscribed { body.unheard = true }
            if pending > 0 { body.wordsPending = pending }
        }
    }
}

// The connection's loss and return. Their events follow from the last event, like those that time alone causes: their
// position is after it.
extension SessionState {
    /// Records that the connection was lost, and emits `router.connection.lost`. Ignores a second loss in a row.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil if the source has no times.
    ///   - reason: Why the connection was lost, for people.
    ///   - derived: Receives the derived events, in order.
    package mutating func loseConnection(at time: Double?, reason: String?, into derived: inout DerivedEvents) {
        guard !connection.isLost else { return }
        passTimeIfDue(to: time, into: &derived)
        connection.isLost = true
        connection.lostAt = time
        guard hasStarted, endReason == nil else { return }
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        setUserIdlePause(.connection, true)
        connection.lossCount += 1
        emitter.emit(.routerConnectionLost, "connection.lost/\(connection.lossCount)", turn: turn) {
            (body: inout ConnectionLost) in
            body.reason = reason
        }
    }

    /// Records that the connection is back and that the server still knows the session. Emits
    /// `router.connection.restored`, unless no loss was reported.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil if the source has no times.
    ///   - attempt: The number of the attempt that succeeded, from 1.
    ///   - derived: Receives the derived events, in order.
    package mutating func restoreConnection(at time: Double?, attempt: Int?, into derived: inout DerivedEvents) {
        guard connection.isLost else { return }
        emitRestored(at: time, attempt: attempt, isRenewed: false, into: &derived)
    }

    /// Records that a new connection with a new server session replaces the lost one. The next `session.created`
    /// continues this session; its responses are over. Emits `router.connection.restored`.
    ///
    /// - Parameters:
    ///   - time: Seconds since the recording began; nil if the source has no times.
    ///   - attempt: The number of the attempt that succeeded, from 1.
    ///   - derived: Receives the derived events, in order.
    package mutating func renewConnection(at time: Double?, attempt: Int?, into derived: inout DerivedEvents) {
        isRenewed = true
        outbound.renewConnection()
        if hasStarted, endReason == nil {
            passTimeIfDue(to: time, into: &derived)
            emitter.swapEvents(with: &derived)
            settleConnection()
            emitter.swapEvents(with: &derived)
        }
        emitRestored(at: time, attempt: attempt, isRenewed: true, into: &derived)
    }

    private mutating func emitRestored(
        at time: Double?, attempt: Int?, isRenewed: Bool, into derived: inout DerivedEvents
    ) {
        passTimeIfDue(to: time, into: &derived)
        let gap = EventClock.milliseconds(from: connection.lostAt, to: time)
        connection.isLost = false
        connection.lostAt = nil
        guard hasStarted, endReason == nil else { return }
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        noteConnectionRestored()
        connection.restoredCount += 1
        emitter.emit(.routerConnectionRestored, "connection.restored/\(connection.restoredCount)", turn: turn) {
            (body: inout ConnectionRestored) in
            body.attempt = attempt
            body.gapMs = gap
            body.renewed = isRenewed ? true : nil
        }
    }

    /// Closes the items, calls and responses that were open on the old connection: no more events arrive for them.
    private mutating func settleConnection() {
        conversation.endStreams(onlySentences: true, at: emitter.clock.at)
        conversation.closeAll(at: emitter.clock.at)
        emitUtterances()
        for (key, _) in calls.open() {
            drop(key, "The connection was renewed before the call was complete, so the call was not run.")
        }
        for key in responses.interrupted { emitInterruption(key) }
        responses.clearCurrent()
        alarms.updateUserIdle { $0.renewConnection() }
        conversation.beginConnection()
    }

    /// Advances event time, emitting the events that are due by then.
    mutating func passTimeIfDue(to time: Double?, into derived: inout DerivedEvents) {
        guard let time, hasStarted, endReason == nil else { return }
        if time >= nextAlarm { advanceTime(to: time, into: &derived) } else { emitter.clock.pass(to: time) }
    }
}
