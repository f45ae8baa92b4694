package import EventJSON
package import RealtimeEvents

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
package struct SessionState: Sendable {
    private(set) var configuration: SessionConfiguration
    /// What events mean in the session's dialect.
    private var eventTable: EventTable
    var emitter: EventEmitter
    var alarms: EventAlarms
    var conversation: Conversation
    var responses = ResponseLedger()
    var calls = CallLedger()
    var mcpFailures: [MCPFailure] = []
    var answering: Answering
    package internal(set) var hasStarted = false
    var endReason: SessionEndReason?
    var isExpired = false
    /// Whether the connection was made anew, and the server has not said which session it has.
    var isRenewed = false
    var connection = ConnectionLosses()
    /// How often it was told that the user is idle.
    var idleCount = 0
    /// How many utterances of the user's had no final words when the session ended.
    var pendingAtEnd = 0
    /// What was not sent or was refused, and not taken yet.
    var unsent: [UnsentRequest] = []
    var refused: [RefusedRequest] = []
    /// How many errors were emitted about client events that were not sent.
    var unsentCount = 0

    /// Builds other derived events from now on.
    package mutating func observe(_ types: Set<EventType.Code>) {
        emitter.observed = ObservedTypes(types)
        conversation.keepsText = emitter.observed.hasUtterances
    }

    /// The state before the first event.
    package init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
        dialect = configuration.dialect
        eventTable = EventTable.of(dialect)
        emitter = EventEmitter(configuration)
        alarms = EventAlarms(configuration.deadlines)
        conversation = Conversation(
            hold: configuration.utteranceHold, keepsText: emitter.observed.hasUtterances)
        answering = Answering(isInteractive: configuration.isInteractive)
        note(recordedOutputs: configuration.recordedOutputs)
    }

    /// The state of the session that follows on the same source: of the old one only the counts of the source live on, and what
    /// is owed for its calls.
    init(after old: SessionState) {
        configuration = old.configuration
        dialect = configuration.dialect
        eventTable = EventTable.of(dialect)
        sessionCount = old.sessionCount + 1
        unheardSessions = old.unheardSessions
        interruptions = old.interruptions
        emitter = EventEmitter(after: old.emitter, configuration, number: sessionCount)
        alarms = EventAlarms(configuration.deadlines)
        conversation = Conversation(
            hold: configuration.utteranceHold, keepsText: emitter.observed.hasUtterances)
        unsent = old.unsent
        answering = old.answering
        answering.replaceSession()
    }

    /// Takes in what a recording's client answered, as ``SessionConfiguration/recordedOutputs`` does, for the calls that come ready
    /// from here on.
    package mutating func note(recordedOutputs outputs: RecordedOutputs) {
        guard !configuration.rerunCalls else { return }
        answering.recordedOutputs.merge(outputs)
    }

    /// Replaces ``SessionConfiguration/labels``, for the derived events from here on.
    package mutating func setLabels(_ labels: [String: String]) {
        configuration.labels = labels
        emitter.identity.setLabels(labels)
    }

    /// Takes the server's id of the session, where it is known before the server says it.
    package mutating func setSessionID(_ id: String) {
        configuration.sessionID = id
        if emitter.identity.id == nil { emitter.identity.id = id }
    }

    /// The turn that the session is in, from 1; 0 before the user first spoke.
    package var turn: Int { conversation.turns.number }

    /// The server's id of the session, once it is known.
    package var sessionID: String? { emitter.identity.id }

    /// The key of the session that the source is in, with `#2`, … for those that followed on it.
    package var sessionKey: String { emitter.identity.key }

    // These are stored, for they are read with every event: a getter would be given a copy of the whole state.
    /// The dialect that the session speaks.
    package internal(set) var dialect: Dialect {
        didSet { eventTable = EventTable.of(dialect) }
    }

    /// How many sessions the source has had.
    package internal(set) var sessionCount = 1

    /// How many sessions have ended in which the user spoke and input transcription was not configured: their events hold
    /// none of the user's words.
    package internal(set) var unheardSessions = 0

    /// How often the user has interrupted the model: spoke while a response was active, or had one cancelled. One interruption
    /// may count twice.
    package internal(set) var interruptions = 0

    /// Whether words of the user's may still come: an utterance has begun or is committed, and has no final transcript.
    package mutating func hasPendingWords() -> Bool { conversation.countPendingWords() > 0 }

    /// How many calls were taken and have no outcome yet.
    package var owedCalls: Int { answering.readyCalls.owed }

    /// The calls that were taken and have no outcome yet, in the order in which they were ready.
    package var takenCalls: [CallReference] { answering.readyCalls.taken }
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
    package mutating func apply(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int,
        at: Double?, arrival: Double? = nil, into derived: inout DerivedEvents
    ) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        emitter.clock.advance(to: line, at: at, arrival: arrival)
        EventReader.read(fields, &slots, text) { apply(code, $0) }
    }

    private mutating func apply(_ code: EventType.Code, _ event: borrowing EventReader) {
        if event.value(event.fields.eventID)?.kind == .string {
            event.withText(event.fields.eventID) { emitter.clock.noteEventID($0) }
        }
        if code == .sessionCreated || code == .transcriptionSessionCreated {
            replaceSession(event)
            chooseDialect(event)
        }
        conversation.now = emitter.clock.now
        emitter.totals.byCode[Int(code.rawValue)] += 1
        if !hasStarted { start(code, event) }
        if let now = emitter.clock.now, now >= alarms.next { ring(at: now) }
        if alarms.userWait.holds.contains(.call) { releaseAnsweredCalls() }
        eventTable.handler(code)?(&self, code, event)
        // Behind the event: it may be the one that was waited for.
        if let now = emitter.clock.now, now >= conversation.deadline { conversation.releaseOverdue(at: now) }
        emitUtterances()
        if !mcpFailures.isEmpty, let now = emitter.clock.now { raiseOverdueMCPFailures(at: now) }
    }
}

/// What the events of a dialect mean to a session: for each type the step that takes such an event in.
///
/// An object, because the session asks it with every event.
final class EventTable: Sendable {
    /// Takes an event in.
    typealias Handler = @Sendable (inout SessionState, EventType.Code, borrowing EventReader) -> Void

    let dialect: Dialect
    /// By the type's code.
    private let handlers: [Handler?]

    init(_ dialect: Dialect, _ topics: [[EventType.Code: Handler]]) {
        self.dialect = dialect
        handlers = EventType.Code.allCases.map { code in topics.lazy.compactMap { $0[code] }.first }
    }

    /// The step that takes in an event of a type; nil for a type that means nothing to the session.
    func handler(_ code: EventType.Code) -> Handler? { handlers[Int(code.rawValue)] }

    /// The table of a dialect.
    static func of(_ dialect: Dialect) -> EventTable { tables.first { $0.dialect == dialect } ?? realtime }

    private static let tables = [realtime, translation]
}

/// What is known of the losses of a session's connection.
struct ConnectionLosses: Sendable {
    /// Whether the connection is lost.
    var isLost = false
    /// When it was lost, in seconds since the recording began; nil without times.
    var lostAt: Double?
    /// How many losses, and how many returns of the connection, were emitted.
    var lossCount = 0
    var returnCount = 0
}
