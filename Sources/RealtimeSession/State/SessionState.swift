package import EventJSON
package import RealtimeEvents

/// The state of one source's session, as a pure value. It derives the `router.*` events from the server's events.
///
/// Feed it every event in order with ``apply(_:_:_:_:line:at:arrival:into:)``; each call appends the derived events.
/// The state uses no clock, task or file, so a replay of the same source gives the same events with the same ids and
/// positions, whichever types are ``SessionConfiguration/observed``. A live source may send no events for a while. Then
/// call ``advanceTime(to:into:)``, so that the state can emit the events that time alone causes.
///
/// The state alone decides when answers go to the server. The router settles each `router.function_call.ready` with
/// ``take(_:)`` or ``decline(_:)``, and each taken call with ``complete(_:origin:into:)``. After each of these calls
/// and after each event, call ``nextOutbound()`` until it returns nil.
///
/// A session ends in two steps, because calls may still run: first ``endOfSource(_:into:)``, then the outcomes of
/// ``outstandingCallCount``, then ``finish(into:)``.
package struct SessionState: Sendable {
    private(set) var configuration: SessionConfiguration
    /// The event handlers of the session's dialect.
    private var eventHandlers: EventHandlers
    var emitter: EventEmitter
    var alarms: SessionAlarms
    var conversation: Conversation
    var responses = ResponseTracker()
    var calls = PendingCalls()
    var mcpFailures: [MCPFailure] = []
    var outbound: OutboundState
    package internal(set) var hasStarted = false
    var endReason: SessionEndReason?
    var isExpired = false
    /// Whether the connection was renewed and the server has not named its new session yet.
    var isRenewed = false
    var connection = ConnectionStatus()
    /// How many `router.user.idle` events were emitted.
    var idleCount = 0
    /// How many of the user's utterances had no final transcript when the session ended.
    var pendingAtEnd = 0
    /// Client events that were not sent or that the server refused, until the router takes them.
    var unsent: [UnsentRequest] = []
    var refused: [RefusedRequest] = []
    /// How many errors were emitted about unsent client events.
    var unsentCount = 0

    /// Replaces the set of derived types to build, for the events from here on.
    package mutating func observe(_ types: Set<EventType.Code>) {
        emitter.observed = ObservedTypes(types)
        conversation.keepsText = emitter.observed.hasUtterances
    }

    /// The state before the first event.
    package init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
        dialect = configuration.dialect
        eventHandlers = EventHandlers.of(dialect)
        emitter = EventEmitter(configuration)
        alarms = SessionAlarms(configuration.deadlines)
        conversation = Conversation(
            hold: configuration.transcriptTimeout, keepsText: emitter.observed.hasUtterances)
        outbound = OutboundState(isInteractive: configuration.isInteractive)
        note(recordedOutputs: configuration.recordedOutputs)
    }

    /// The state of the next session on the same source. It keeps the source's counts and the unanswered calls of the
    /// old session.
    init(after old: SessionState) {
        configuration = old.configuration
        dialect = configuration.dialect
        eventHandlers = EventHandlers.of(dialect)
        sessionCount = old.sessionCount + 1
        untranscribedSessions = old.untranscribedSessions
        interruptions = old.interruptions
        emitter = EventEmitter(after: old.emitter, configuration, number: sessionCount)
        alarms = SessionAlarms(configuration.deadlines)
        conversation = Conversation(
            hold: configuration.transcriptTimeout, keepsText: emitter.observed.hasUtterances)
        unsent = old.unsent
        outbound = old.outbound
        outbound.replaceSession()
    }

    /// Adds outputs that a recording's client sent, as ``SessionConfiguration/recordedOutputs`` does, for the calls
    /// that become ready from here on.
    package mutating func note(recordedOutputs outputs: RecordedOutputs) {
        guard !configuration.rerunCalls else { return }
        outbound.recordedOutputs.merge(outputs)
    }

    /// Replaces ``SessionConfiguration/labels``, for the derived events from here on.
    package mutating func setLabels(_ labels: [String: String]) {
        configuration.labels = labels
        emitter.identity.setLabels(labels)
    }

    /// Sets the server's session id when the caller knows it before the server sends it.
    package mutating func setSessionID(_ id: String) {
        configuration.sessionID = id
        if emitter.identity.id == nil { emitter.identity.id = id }
    }

    /// The current turn, from 1; 0 before the user first spoke.
    package var turn: Int { conversation.turns.number }

    /// The server's session id; nil until it is known.
    package var sessionID: String? { emitter.identity.id }

    /// The current session's key. The source's second session has `#2` appended, the third `#3`, and so on.
    package var sessionKey: String { emitter.identity.key }

    // The following properties are stored and not computed because they are read on every event: a getter would copy
    // the whole state.
    /// The dialect that the session speaks.
    package internal(set) var dialect: Dialect {
        didSet { eventHandlers = EventHandlers.of(dialect) }
    }

    /// How many sessions the source has had.
    package internal(set) var sessionCount = 1

    /// How many ended sessions had user speech but no input transcription, so that their events hold none of the user's
    /// words.
    package internal(set) var untranscribedSessions = 0

    /// How often the user interrupted the model: spoke while a response was active, or had a response cancelled. One
    /// interruption may count twice.
    package internal(set) var interruptions = 0

    /// Whether words of the user may still arrive: an utterance has begun or is committed and has no final transcript.
    package mutating func hasPendingWords() -> Bool { conversation.countPendingTranscripts() > 0 }

    /// How many calls a handler took and has not completed.
    package var outstandingCallCount: Int { outbound.readyCalls.takenCount }

    /// The calls that a handler took and has not completed, in the order in which they became ready.
    package var takenCalls: [CallReference] { outbound.readyCalls.taken }
}

extension SessionState {
    /// Applies a server event.
    ///
    /// - Parameters:
    ///   - code: The event's canonical type.
    ///   - fields: The slot numbers of the session's fields in the plan that filled `slots`.
    ///   - slots: The scanned values of the event.
    ///   - text: The event's JSON text: the same bytes that were scanned.
    ///   - line: The event's line in the source, from 1.
    ///   - at: Seconds since the recording began; nil if the source has no times.
    ///   - arrival: When a live event arrived, on the same time scale. Alarms use it when `at` is nil.
    ///   - derived: Receives the derived events, in order.
    package mutating func apply(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int,
        at: Double?, arrival: Double? = nil, into derived: inout DerivedEvents
    ) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
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
        if let now = emitter.clock.now, now >= alarms.next { fireAlarms(at: now) }
        if alarms.userIdle.pauses.contains(.call) { releaseAnsweredCalls() }
        eventHandlers.handler(code)?(&self, code, event)
        // Only after the event's own handler, because the event may contain the awaited words.
        if let now = emitter.clock.now, now >= conversation.deadline { conversation.releaseOverdue(at: now) }
        emitUtterances()
        if !mcpFailures.isEmpty, let now = emitter.clock.now { raiseOverdueMCPFailures(at: now) }
    }
}

/// The event handlers of a dialect: for each event type, the function that applies such an event to the state.
///
/// A class, because the session reads it on every event and a reference is cheap to copy.
final class EventHandlers: Sendable {
    /// Applies an event to the state.
    typealias Handler = @Sendable (inout SessionState, EventType.Code, borrowing EventReader) -> Void

    let dialect: Dialect
    /// Indexed by the type's code.
    private let handlers: [Handler?]

    init(_ dialect: Dialect, _ topics: [[EventType.Code: Handler]]) {
        self.dialect = dialect
        handlers = EventType.Code.allCases.map { code in topics.lazy.compactMap { $0[code] }.first }
    }

    /// The handler of a type; nil if the session ignores such events.
    func handler(_ code: EventType.Code) -> Handler? { handlers[Int(code.rawValue)] }

    /// The handlers of a dialect.
    static func of(_ dialect: Dialect) -> EventHandlers { tables.first { $0.dialect == dialect } ?? realtime }

    private static let tables = [realtime, translation]
}

/// Whether the connection is up, and how often it was lost and restored.
struct ConnectionStatus: Sendable {
    /// Whether the connection is lost.
    var isLost = false
    /// When the connection was lost, in seconds since the recording began; nil if the source has no times.
    var lostAt: Double?
    /// How many `router.connection.lost` and `.restored` events were emitted.
    var lossCount = 0
    var restoredCount = 0
}
