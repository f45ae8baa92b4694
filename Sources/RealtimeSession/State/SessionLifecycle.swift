internal import EventJSON
package import RealtimeEvents

extension SessionState {
    /// Takes in what the server says about the session.
    mutating func configure(_ code: EventType.Code, _ event: borrowing EventReader) {
        if let language = event.string(event.fields.sessionLanguage) { conversation.outputLanguage = language }
        if let id = event.string(event.fields.sessionID), emitter.identity.id == nil { emitter.identity.id = id }
        conversation.callerAudio.isDescribed = true
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

    /// Takes in that the session speaks another dialect than is usual.
    mutating func chooseDialect(_ event: borrowing EventReader) {
        guard let type = event.string(event.fields.sessionType), let dialect = Dialect(rawValue: type),
            dialect != .realtime
        else { return }
        self.dialect = dialect
    }

    /// Emits that the session began.
    mutating func start(_ code: EventType.Code, _ event: borrowing EventReader) {
        hasStarted = true
        if let now = emitter.clock.now { alarms.start(at: now) }
        hold(.start, false)
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

    /// Begins the next session of the source, when `session.created` names another one than this.
    ///
    /// Outcomes of the old session's calls may still come behind its `router.session.ended`; they carry its key.
    mutating func replaceSession(_ event: borrowing EventReader) {
        defer { isRenewed = false }
        guard hasStarted, let known = emitter.identity.id, let id = event.string(event.fields.sessionID), id != known
        else { return }
        guard !isRenewed else { return emitter.identity.id = id }
        settleAll()
        emitEnd(.replaced)
        self = SessionState(after: self)
    }

    /// Ends the source: what is open is settled, calls become ready that wait for a `response.done` which never comes, and
    /// nothing waits for the server any longer.
    package mutating func endOfSource(_ reason: SessionEndReason, into derived: inout DerivedEvents) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        guard endReason == nil else { return }
        endReason = isExpired && reason == .disconnected ? .expired : reason
        emitter.clock.forgetEvent()
        if hasStarted { settleAll() }
        answering.sequencer.endOfSource()
    }

    /// Ends the session with `router.session.ended`; to be called after the outcomes of ``owedCalls``.
    ///
    /// A source without any event had no session, so it gives nothing.
    package mutating func finish(into derived: inout DerivedEvents) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        guard hasStarted, let reason = endReason else { return }
        emitEnd(reason)
        hasStarted = false
    }

    private mutating func settleAll() {
        pendingAtEnd = conversation.countPendingWords()
        conversation.endStreams(onlySentences: true, at: emitter.clock.at)
        conversation.closeAll(at: emitter.clock.at)
        emitUtterances()
        raiseMCPFailures { _, _ in true }
        settleCalls()
        settleReplayedCalls()
        for key in responses.interrupted { emitInterruption(key) }
    }

    private mutating func emitEnd(_ reason: SessionEndReason) {
        let isUnheard = conversation.callerAudio.isUnheard
        if isUnheard { unheardSessions += 1 }
        let totals = emitter.totals.payload
        let duration = reason == .replaced ? emitter.clock.previousDuration : emitter.clock.duration
        let pending = pendingAtEnd
        emitter.emit(.routerSessionEnded, "session.ended", turn: turn) { (body: inout SessionEnded) in
            body.reason = reason
            body.durationMs = duration
            body.totals = totals
            if isUnheard { body.unheard = true }
            if pending > 0 { body.wordsPending = pending }
        }
    }
}

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
