import EventJSON
import RealtimeEvents
import RealtimeSession

/// Routes the events of one session: scan, session state, rules, handler queues. It is synchronous: when routing must
/// wait, it returns, and the session's loop waits.
struct EventPipeline: ~Copyable {
    /// The reason why ``process(_:from:)`` returned.
    enum Pause {
        /// All lines of the batch are routed.
        case batchDone
        /// The loop must handle commands, outbound events or a full handler queue.
        case attend
        /// The next line is due after this time.
        case notYet(Duration)
        /// The next line is the model's response to calls that are still running.
        case awaitingCalls
        /// The next line is the first recorded envelope. The recorded outputs of calls must be read before it is
        /// routed.
        case awaitingOutputs
    }

    var table: RuleTable
    let options: RouterOptions
    var lanes: [RunDeliveries]
    /// ``lanes``, and those of replaced handlers.
    let allLanes: RunLanes
    let context: DeliveryContext
    let inbox: CommandQueue
    let clock: any RouterClock
    /// The last firings of routes with `once_per: { every: … }`, over all sessions of the router.
    let intervals: RouteIntervals
    let observer: (any DispatchObserver)?
    /// Whether there is an observer. Read for every event; reading the observer itself would copy it.
    let isObserved: Bool
    /// Explains routing; nil unless explanations were requested.
    let explainer: RouteExplainer?
    /// Records the session; nil unless a recording was requested.
    let recording: SessionRecording?
    /// The session configuration that the router sends; nil if it sends none.
    let configuration: SessionSettings?
    /// Whether the router sends the configuration before the first event of a connection.
    let configuresImmediately: Bool
    var state: SessionState
    /// The session's labels, unredacted, as rules match them. ``RouterSession/labels`` are redacted.
    var labels: [SessionLabel]
    /// The labels from the caller of the run.
    let givenLabels: [SessionLabel]
    var counts = RunCounts()
    /// The deliveries that are not in the handlers' queues yet.
    var outgoing: OutgoingDeliveries
    /// The client events that are not in the writer's queue yet.
    var outbound: [OutboundEntry] = []
    /// The number of the connection, counted from 0.
    var connection = 0
    /// Whether a new connection has had no event yet.
    var awaitsConnection = false
    /// The event to send first on a new connection.
    var leading: OutboundEntry?
    /// Permits the writer to send on a new connection. Set by ``beginSending()``, and nil once ``takeRelease()`` has
    /// returned it.
    var release: OutboundRelease?

    /// The session of the current event.
    var scope: SessionScope
    /// Replaced sessions of this source for which events are still outstanding.
    var earlierScopes: [SessionScope] = []
    /// The fields of the current event. Derived events replace the fields of the wire event that caused them.
    var slots: FieldSlots
    /// The pool of scan buffers, shared by sessions.
    let rooms: ScanRooms
    var derived = DerivedEvents()
    var matched = MatchedRoutes()
    /// The matched routes of client events.
    var clientMatched = MatchedRoutes()
    /// Whether the current event has its beta name.
    var isAlias = false
    /// The deliveries of the current event: handlers, with their routes' names.
    var deliveries: [(handler: Int, routes: [String])] = []
    /// The routes that matched the current event and the handlers that received it, for the observer.
    var dispatched = (routes: [Int](), handlers: [Int]())
    /// Whether recorded outputs of calls must be read before the first recorded envelope is routed.
    var awaitsOutputs: Bool
    /// Whether a router recorded the session and ran its calls. If so, the router does not run calls without a recorded
    /// output.
    var isReplay = false
    /// Whether the current derived event is a call with a recorded output, which must not be run.
    var isCallReplayed = false
    /// Whether the current derived event is a call of a client's function, which the router must neither run nor
    /// answer.
    var isCallOfClient = false
    /// Whether a timeout fires when it is due, before the next event: in a live session, and in the recording of one.
    var firesDueTimeouts: Bool
    /// Whether the session has reached its cost limit.
    var isCostReached = false
    /// The recorded reason why the session ended; nil if none.
    var recordedEnd: SessionEndReason?
    /// Whether `router.session.ended` was emitted, after which no event may follow.
    var isFinished = false
    /// Whether the router may send client events. If not, handlers only observe.
    let maySendClientEvents: Bool
    /// Whether the source announces the functions, and hides their calls from its client.
    let ownsFunctions: Bool
    /// The functions of replaced rules. The source may have hidden their calls from the client.
    var formerFunctions: Set<String> = []
    private let start: Duration
    /// The cost and its limit; nil if there is no limit.
    var cost: CostLimit? {
        didSet { metersCost = cost != nil }
    }
    /// Whether the cost has a limit. Read for every event; reading the limit itself would copy it.
    private(set) var metersCost = false
    /// Logs models that have no price.
    var unpriced: UnpricedModels?
    /// The time for rules with intervals or schedules.
    var time: SessionTime
    /// Advances event time between events; nil unless the source is live and runs at its own pace.
    var live: LiveTime?
    /// Whether an event without a time gets its arrival time.
    private let stampsArrival: Bool

    init(
        _ active: ActiveRules, options: RouterOptions, lanes: RunLanes, inbox: CommandQueue, session: RouterSession,
        labels: [SessionLabel], state: SessionState, awaitsOutputs: Bool, clock: any RouterClock, isLive: Bool,
        time: SessionTime, intervals: RouteIntervals, rooms: ScanRooms,
        observer: (any DispatchObserver)? = nil, explainer: RouteExplainer? = nil, recording: SessionRecording? = nil,
        description: SessionDescription
    ) {
        table = active.rules
        context = active.context
        self.options = options
        self.lanes = lanes.all
        allLanes = lanes
        self.inbox = inbox
        scope = SessionScope(session)
        stampsArrival = session.isInteractive
        self.state = state
        self.labels = labels
        givenLabels = labels
        self.awaitsOutputs = awaitsOutputs
        self.clock = clock
        self.time = time
        self.intervals = intervals
        self.observer = observer
        isObserved = observer != nil
        self.explainer = explainer
        self.recording = recording
        configuration = description.configuration
        configuresImmediately = description.configuresImmediately
        maySendClientEvents = description.maySendClientEvents
        ownsFunctions = description.ownsFunctions
        scope.hasCheckedTranscription = description.isTranscribed
        self.rooms = rooms
        slots = FieldSlots(table.plan, rooms: rooms)
        outgoing = OutgoingDeliveries(active.runtimes)
        start = clock.now
        live = isLive && options.pace == .unlimited ? LiveTime(start: start) : nil
        firesDueTimeouts = session.isInteractive && live != nil
        counts.routeNames = table.routeNames
        counts.matchedByRoute = Array(repeating: 0, count: table.routes.count)
        counts.byCode = Array(repeating: 0, count: EventType.Code.allCases.count)
        decideLabels()
        if configuresImmediately {
            configureSession(.realtime)
            takeOutbound()
        }
    }

    /// Evaluates the conditions on `labels` for all events until the labels change.
    mutating func decideLabels() {
        table.compiledRoutes.decide(labels, for: &matched)
        table.compiledRoutes.client?.decide(labels, for: &clientMatched)
        explainer?.decide(labels)
    }

    /// Routes the batch's lines from `index` on, until routing must wait.
    mutating func process(_ batch: EventBatch, from index: inout Int) -> Pause {
        defer { submitDeliveries() }
        let bytes = batch.bytes.span.bytes
        while index < batch.lines.count {
            let line = batch.lines[index]
            let text = bytes.extracting(line.range)
            guard line.length == line.range.count else {
                index += 1
                refuse(line, text, .oversized, "the line is longer than an event may be")
                continue
            }
            let receivedLine =
                isObserved && batch.origins.isEmpty ? bytes.extracting(Self.untrimmed(line, batch.bytes)) : text
            let pause =
                batch.origins.isEmpty
                ? process(text, line, receivedLine: receivedLine)
                : process(text, line, batch.origins[index], receivedLine: receivedLine)
            if let pause { return pause }
            index += 1
            if mustAttend { return .attend }
        }
        return .batchDone
    }

    /// Routes a single message of a connection.
    private mutating func process(
        _ text: RawSpan, _ line: EventBatch.Line, _ origin: EventBatch.Origin, receivedLine: RawSpan
    ) -> Pause? {
        noteArrival(origin.cameAt)
        guard scan(text, line, in: text) else { return nil }
        return route(text, line, receivedLine: receivedLine, at: origin.at, sender: origin.isClient ? .client : .server)
    }

    /// Scans the fields of an object. A text that is not an object becomes a dead letter.
    ///
    /// - Parameter receivedLine: The whole line, for the dead letter. `text` may be only the event in its envelope.
    /// - Returns: Whether the text is an object.
    private mutating func scan(_ text: RawSpan, _ line: EventBatch.Line, in receivedLine: RawSpan) -> Bool {
        do {
            try table.plan.scan(text, into: &slots)
        } catch {
            refuse(line, receivedLine, .undecodable, error.description)
            return false
        }
        guard slots.rootKind == .object else {
            refuse(line, receivedLine, .undecodable, "not a JSON object")
            return false
        }
        return true
    }

    /// The range of a line including trailing whitespace, such as a carriage return, which is not part of the event.
    private static func untrimmed(_ line: EventBatch.Line, _ bytes: [UInt8]) -> Range<Int> {
        let blanks = bytes[line.range.upperBound...].prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return line.range.lowerBound..<blanks.endIndex
    }

    private var mustAttend: Bool {
        hasCommands || !outbound.isEmpty || outgoing.isBlocked || release != nil || isCostReached
    }

    /// Routes one line. If it returns a pause, the line was not routed and must be passed again.
    ///
    /// - Parameter receivedLine: The line as it was received.
    private mutating func process(_ text: RawSpan, _ line: EventBatch.Line, receivedLine: RawSpan) -> Pause? {
        guard scan(text, line, in: text) else { return nil }
        guard let envelope = table.envelope.read(&slots, text) else {
            if slots.value(table.envelope.type) == nil, takeHeader(text) || takeControl(text) || isForgotten(text) {
                return nil
            }
            return route(text, line, receivedLine: receivedLine, at: nil, sender: .server)
        }
        guard let sender = envelope.sender else {
            refuse(line, text, .undecodable, "the `direction` is neither `server` nor `client`")
            return nil
        }
        if awaitsOutputs { return .awaitingOutputs }
        if envelope.at != nil { counts.hasTimes = true }
        if let wait = options.pace.wait(until: envelope.at, elapsed: clock.now - start) { return .notYet(wait) }
        let inner = text.extracting(envelope.event)
        guard scan(inner, line, in: text) else { return nil }
        let origin =
            sender == .server
            ? nil : RecordedOrigin.read(text.extracting(0..<envelope.event.lowerBound), table.redaction)
        return route(inner, line, receivedLine: receivedLine, at: envelope.at, sender: sender, origin: origin)
    }

    private mutating func route(
        _ text: RawSpan, _ line: EventBatch.Line, receivedLine: RawSpan, at: Double?, sender: EnvelopeFields.Sender,
        origin: EventOrigin? = nil
    ) -> Pause? {
        if let at {
            live?.note(at)
            time.note(at)
        }
        let at = at ?? (stampsArrival ? live?.arrivedAt : nil)
        if firesDueTimeouts, sender != .router, let at, fireTimeouts(upTo: at) {
            // Derived events have replaced the event's fields.
            guard scan(text, line, in: receivedLine) else { return nil }
        }
        guard sender == .server else {
            takeClient(text, line, receivedLine: receivedLine, at, sender: sender, origin: origin)
            return nil
        }
        let code = canonicalType(text)
        if code == .unknown, scope.session.isInteractive, isOwn(text) {
            takeClient(text, line, receivedLine: receivedLine, at, sender: .router, origin: nil)
            return nil
        }
        if code == .responseCreated, state.outstandingCallCount > 0, holdsForCalls { return .awaitingCalls }
        let position = EventPosition(line: line.number)
        if code.isDerived && options.acceptsDerivedEvents {
            counts.derived += 1
            _ = dispatch(code, text, position: position, at: at)
            if isObserved { notifyObserver(code, position, at, event: text, line: receivedLine) }
            return nil
        }
        if let recording { record(in: recording, code, text, line, at, sender: .server) }
        counts.events += 1
        counts.byCode[Int(code.rawValue)] += 1
        let (sessions, interruptions) = (state.sessionCount, state.interruptions)
        state.apply(
            code, table.sessionFields, &slots, text, line: line.number, at: at, arrival: live?.arrivedAt,
            into: &derived)
        if state.sessionCount != sessions { renewSession() }
        if !scope.isIdentified, let id = state.sessionID { scope.identify(id) }
        if state.interruptions != interruptions { notifyInterruption(at: scope.sequence + 1) }
        if !dispatch(code, text, position: position, at: at) { unmatched(code, text, position, at) }
        if isObserved { notifyObserver(code, position, at, event: text, line: receivedLine) }
        if code == .sessionCreated { configureSession(text, position) }
        if code == .error { noteRefused(position) }
        if code == .sessionUpdated { noteTranscription(text) }
        if awaitsConnection { beginSending() }
        dispatchDerived()
        if metersCost, CostLimit.concerns(code) { meterCost(code, text, position, at) }
        return nil
    }

    /// Whether routing waits for running calls. An unpaced recording is faster than the commands that its calls start.
    /// The model's next response depends on their outputs, so routing waits for the outputs, and all records keep the
    /// order of the conversation.
    private var holdsForCalls: Bool {
        if case .unlimited = options.pace { return !scope.session.isInteractive && !options.isDryRun }
        return false
    }

    /// Returns the event's type, and replaces a beta name with the canonical name in the slots.
    private mutating func canonicalType(_ text: RawSpan) -> EventType.Code {
        let type = table.envelope.type
        let found = slots.withText(slot: type, in: text) { EventType.code(ofWireName: $0) }
        guard let found, slots.value(type)?.kind == .string else {
            isAlias = false
            return .unknown
        }
        isAlias = found.isAlias
        if isAlias { slots.replace(type, withText: EventType.canonicalName(found.code)) }
        return found.code
    }
}

/// The state of one of the consecutive sessions of a source.
struct SessionScope {
    var session: RouterSession
    var fired = FiredRoutes()
    /// The number of the session's last event.
    var sequence = 0
    /// Whether the router has configured the session on the current connection.
    var isConfigured = false
    /// Whether the functions were announced to the model.
    var hasAnnouncedTools = false
    /// Whether the session was checked for input transcription.
    var hasCheckedTranscription = false
    /// The session type in the router's updates.
    var announcedType: SessionType?
    /// The number of updates that were sent.
    var updates = 0
    /// Whether the server's id of the session is known. It does not change after that.
    private(set) var isIdentified = false

    init(_ session: RouterSession) {
        self.session = session
    }

    mutating func identify(_ id: String) {
        session.sessionID = id
        isIdentified = true
    }
}
