public import EventJSON
public import RealtimeEvents

/// One source's session as a pure value: what its events mean together.
///
/// Feed it every event in order with ``apply(_:_:_:_:line:at:arrival:into:)``; it answers with derived events. It knows no clock,
/// no task and no file, so a replay of the same source gives the same events with the same ids and positions, whichever of them
/// are ``SessionConfiguration/observed``. Where a source is live its events may stay away, and that is to be told too: then
/// ``passTime(to:into:)`` brings the time instead.
///
/// It also is the only place that decides when answers go out. A `router.function_call.ready` is settled by ``take(_:)`` or
/// ``decline(_:)``; what was taken is finished by ``complete(_:into:)``. After each of these calls and after each event, ask
/// ``nextOutbound()`` until it gives nil.
///
/// The end has two steps, because calls may still run: ``endOfSource(_:into:)``, then the outcomes of ``owedCalls``, then
/// ``finish(into:)``.
public struct SessionState: Sendable {
    private(set) var configuration: SessionConfiguration
    let observed: ObservedTypes
    var identity: SessionIdentity
    var clock = EventClock()
    var totals = SessionCounts()
    var hasStarted = false
    var endReason: SessionEndReason?
    var isExpired = false
    var alarms: EventAlarms
    /// When the session ends as the server said it, in seconds since 1970.
    var expiresAt: Int?
    /// Whether the model never says anything in this session.
    var isTranscriptionOnly = false

    /// Whether the user's audio is transcribed, as far as the server said.
    var transcribes = false
    var callerAudio = CallerAudio()
    /// Bytes a second of the assistant's audio.
    var audioRate = AudioRate.pcm24
    /// Whether a response ever named its conversation; only then does null mean out of band.
    var namesConversations = false

    var utterances: UtteranceBook
    var unnamedWords = UnnamedWords()
    /// What was raised of words that have no place: once for an item and a reason.
    var raisedMisplacements = RecentKeys(limit: 4096)
    var lastItem = LastItemKey()
    var responses = ResponseLedger()
    var turns = TurnTracker()
    var mcpFailures: [MCPFailure] = []
    var calls = CallLedger()
    var readyCalls = ReadyCalls()
    var sequencer: ResponseSequencer
    /// The outputs that a recording's client lines hold.
    var recordedOutputs = RecordedOutputs()
    var clientAnswers = ClientAnswers()
    var ownOutputs = OwnOutputs()
    /// The ids of the events that went to a live server. Whoever sends them may give them back as the client's.
    var ownEvents = RecentKeys(limit: 1024)

    /// The state before the first event.
    public init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
        observed = ObservedTypes(configuration.observed)
        identity = SessionIdentity(configuration, number: sessionCount)
        utterances = UtteranceBook(hold: configuration.utteranceHold, keepsText: observed.hasUtterances)
        alarms = EventAlarms(configuration.deadlines)
        sequencer = ResponseSequencer(isInteractive: configuration.isInteractive)
        note(recordedOutputs: configuration.recordedOutputs)
    }

    /// Takes in what a recording's client answered, as ``SessionConfiguration/recordedOutputs`` does, for the calls that come ready
    /// from here on.
    public mutating func note(recordedOutputs outputs: RecordedOutputs) {
        guard !configuration.rerunCalls else { return }
        recordedOutputs.merge(outputs)
    }

    /// Replaces ``SessionConfiguration/labels``, for the derived events from here on.
    public mutating func setLabels(_ labels: [String: String]) {
        configuration.labels = labels
        identity.setLabels(labels)
    }

    /// The turn that the session is in, from 1; 0 before the user first spoke.
    public var turn: Int { turns.number }

    /// The server's id of the session, once it is known.
    public var sessionID: String? { identity.id }

    /// The key of the session that the source is in, with `#2`, … for those that followed on it.
    public var sessionKey: String { identity.key }

    // Stored, for it is read with every event: a getter would be given a copy of the whole state.
    /// How many sessions the source has had.
    public internal(set) var sessionCount = 1

    /// How many sessions have ended in which the user spoke and input transcription was not configured: their events hold
    /// none of the user's words.
    public internal(set) var unheardSessions = 0

    /// How often the user has interrupted the model: spoke while a response was active, or had one cancelled. One interruption
    /// may count twice.
    public internal(set) var interruptions = 0

    /// How many calls were taken and have no outcome yet.
    public var owedCalls: Int { readyCalls.owed }

    /// The calls that were taken and have no outcome yet, in the order in which they were ready.
    public var takenCalls: [CallReference] { readyCalls.taken }
}

extension SessionState {
    /// Takes a server event in.
    ///
    /// - Parameters:
    ///   - code: The canonical type.
    ///   - fields: The slots of the plan that `slots` was filled with.
    ///   - slots: Where the event's values lie.
    ///   - text: The event's JSON text, the very bytes that were scanned.
    ///   - line: Its line in the source, from 1.
    ///   - at: Seconds since the recording began, where it is known.
    ///   - arrival: When the event came, on the same scale, where the source is live: alarms go by it when there is no `at`.
    ///   - derived: Gets the events that follow from it, in order.
    public mutating func apply(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int,
        at: Double?, arrival: Double? = nil, into derived: inout DerivedEvents
    ) {
        clock.advance(to: line, at: at, arrival: arrival)
        if slots.value(fields.eventID)?.kind == .string {
            slots.withText(slot: fields.eventID, in: text) { clock.noteEventID($0) }
        }
        if code == .sessionCreated || code == .transcriptionSessionCreated {
            replaceSession(fields, &slots, text, into: &derived)
        }
        utterances.now = clock.now
        totals.byCode[Int(code.rawValue)] += 1
        if !hasStarted { start(code, fields, &slots, text, into: &derived) }
        if let now = clock.now, now >= alarms.next { ring(at: now, into: &derived) }
        dispatch(code, fields, &slots, text, into: &derived)
        // Behind the event: it may be the one that was waited for.
        if let now = clock.now, now >= utterances.deadline { utterances.releaseOverdue(at: now) }
        tellNews(into: &derived)
        if !mcpFailures.isEmpty, let now = clock.now { raiseOverdueMCPFailures(at: now, into: &derived) }
    }

    private mutating func dispatch(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        switch code {
        case .responseOutputAudioDelta:
            addAudio(fields, &slots, text)
        case .responseOutputAudioTranscriptDelta, .responseOutputTextDelta,
            .conversationItemInputAudioTranscriptionDelta:
            addWords(code, fields, &slots, text, into: &derived)
        case .responseFunctionCallArgumentsDelta: break
        case .responseOutputAudioTranscriptDone, .responseOutputTextDone, .responseContentPartDone:
            takeAssistantText(code, fields, &slots, text, into: &derived)
        case .conversationItemInputAudioTranscriptionCompleted:
            completeTranscription(fields, &slots, text, into: &derived)
        case .conversationItemInputAudioTranscriptionSegment: noteSegment(fields, &slots, text, into: &derived)
        case .conversationItemInputAudioTranscriptionFailed:
            failTranscription(fields, &slots, text, into: &derived)
        case .responseFunctionCallArgumentsDone: takeArguments(fields, &slots, text, into: &derived)
        default: dispatchRest(code, fields, &slots, text, into: &derived)
        }
    }

    private mutating func dispatchRest(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        switch code {
        case .sessionCreated, .sessionUpdated, .transcriptionSessionCreated, .transcriptionSessionUpdated:
            configure(code, fields, &slots, text)
        case .inputAudioBufferSpeechStarted: startSpeech(fields, &slots, text)
        case .inputAudioBufferSpeechStopped: stopSpeech(fields, &slots, text)
        case .inputAudioBufferTimeoutTriggered: noteIdleItem(fields, &slots, text)
        case .inputAudioBufferCommitted: commit(fields, &slots, text)
        case .conversationItemAdded, .conversationItemCreated, .conversationItemDone, .conversationItemRetrieved:
            takeItem(code, fields, &slots, text, into: &derived)
        case .conversationItemTruncated: truncate(fields, &slots, text, into: &derived)
        case .conversationItemDeleted: deleteItem(fields, &slots, text)
        case .responseCreated: createResponse(fields, &slots, text, into: &derived)
        case .responseOutputItemAdded: addOutputItem(fields, &slots, text, into: &derived)
        case .responseOutputItemDone: finishOutputItem(fields, &slots, text, into: &derived)
        case .responseDone: finishResponse(fields, &slots, text, into: &derived)
        case .outputAudioBufferStarted: startOutput(fields, &slots, text)
        case .outputAudioBufferCleared: clearOutput(fields, &slots, text)
        case .error: raiseServerError(fields, &slots, text, into: &derived)
        case .responseMCPCallFailed, .mcpListToolsFailed: takeMCPFailure(code, fields, &slots, text, into: &derived)
        default: break
        }
    }
}
