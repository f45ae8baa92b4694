internal import EventJSON
public import RealtimeEvents

extension SessionState {
    /// Takes in what the server says about the session.
    mutating func configure(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        if let id = slots.string(slot: fields.sessionID, in: text), identity.id == nil { identity.id = id }
        callerAudio.isDescribed = true
        if slots.value(fields.transcription) != nil || slots.value(fields.betaTranscription) != nil {
            transcribes = slots.has(fields.transcription) || slots.has(fields.betaTranscription)
        }
        isTranscriptionOnly = isTranscription(code, fields, &slots, text)
        if isTranscriptionOnly { transcribes = true }
        expiresAt = slots.int(slot: fields.sessionExpiresAt, in: text) ?? expiresAt
        audioRate =
            AudioRate.read(fields.sessionFormat, rate: fields.sessionRate, &slots, text)
            ?? AudioRate.read(fields.betaSessionFormat, rate: nil, &slots, text) ?? audioRate
    }

    /// Tells that the session began.
    mutating func start(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        hasStarted = true
        if let now = clock.now { alarms.start(at: now) }
        if identity.id == nil { identity.id = slots.string(slot: fields.sessionID, in: text) }
        let model = slots.string(slot: fields.sessionModel, in: text)
        let kind =
            slots.string(slot: fields.sessionType, in: text)
            ?? (isTranscription(code, fields, &slots, text)
                ? "transcription" : configuration.dialect == .translation ? "translation" : nil)
        let transcription =
            slots.string(slot: fields.transcriptionModel, in: text)
            ?? slots.string(slot: fields.betaTranscriptionModel, in: text)
        let source = configuration.source
        tell(.routerSessionStarted, "session.started", turn: turn, into: &derived) { (body: inout SessionStarted) in
            body.model = model
            body.kind = kind
            body.inputTranscription = transcription
            body.source = source
        }
    }

    private func isTranscription(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> Bool {
        code == .transcriptionSessionCreated || code == .transcriptionSessionUpdated
            || slots.equals(slot: fields.sessionType, in: text, "transcription")
    }

    /// Begins the next session of the source, when `session.created` names another one than this.
    ///
    /// Outcomes of the old session's calls may still come behind its `router.session.ended`; they carry its key.
    mutating func replaceSession(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        guard hasStarted, let known = identity.id, let id = slots.string(slot: fields.sessionID, in: text), id != known
        else { return }
        settleAll(into: &derived)
        tellEnd(.replaced, into: &derived)
        sequencer.sessionReplaced()
        if configuration.isInteractive { readyCalls.abandonAll() }
        beginNextSession()
    }

    private mutating func beginNextSession() {
        sessionCount += 1
        identity = SessionIdentity(configuration, number: sessionCount)
        clock.restart()
        totals = SessionCounts()
        hasStarted = false
        isExpired = false
        alarms = EventAlarms(configuration.deadlines)
        expiresAt = nil
        isTranscriptionOnly = false
        transcribes = false
        callerAudio = CallerAudio()
        audioRate = AudioRate.pcm24
        namesConversations = false
        utterances = UtteranceBook(hold: configuration.utteranceHold, keepsText: observed.hasUtterances)
        unnamedWords = UnnamedWords()
        raisedMisplacements = RecentKeys(limit: 4096)
        responses = ResponseLedger()
        turns = TurnTracker()
        calls = CallLedger()
        clientAnswers = ClientAnswers()
        ownOutputs = OwnOutputs()
    }

    /// Ends the source: what is open is settled, calls become ready that wait for a `response.done` which never comes, and
    /// nothing waits for the server any longer.
    public mutating func endOfSource(_ reason: SessionEndReason, into derived: inout DerivedEvents) {
        guard endReason == nil else { return }
        endReason = isExpired && reason == .disconnected ? .expired : reason
        clock.forgetEvent()
        if hasStarted { settleAll(into: &derived) }
        sequencer.endOfSource()
    }

    /// Ends the session with `router.session.ended`; to be called after the outcomes of ``owedCalls``.
    ///
    /// A source without any event had no session, so it gives nothing.
    public mutating func finish(into derived: inout DerivedEvents) {
        guard hasStarted, let reason = endReason else { return }
        tellEnd(reason, into: &derived)
        hasStarted = false
    }

    private mutating func settleAll(into derived: inout DerivedEvents) {
        utterances.closeAll(at: clock.at)
        tellNews(into: &derived)
        raiseMCPFailures(into: &derived) { _, _ in true }
        settleCalls(into: &derived)
        for key in responses.interrupted { tellInterruption(key, into: &derived) }
    }

    private mutating func tellEnd(_ reason: SessionEndReason, into derived: inout DerivedEvents) {
        let isUnheard = callerAudio.isUnheard
        if isUnheard { unheardSessions += 1 }
        let totals = totals.payload
        let duration = reason == .replaced ? clock.previousDuration : clock.duration
        tell(.routerSessionEnded, "session.ended", turn: turn, into: &derived) { (body: inout SessionEnded) in
            body.reason = reason
            body.durationMs = duration
            body.totals = totals
            if isUnheard { body.unheard = true }
        }
    }
}
