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
