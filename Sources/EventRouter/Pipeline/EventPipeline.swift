import EventJSON
import RealtimeEvents
import RealtimeSession

/// The way of an event through one session: scan, session state, rules, handler queues. Synchronous: whatever has to
/// wait makes it return, and the session's loop does the waiting.
struct EventPipeline: ~Copyable {
    /// Why the pipeline returned.
    enum Pause {
        /// All lines of the batch are done.
        case batchDone
        /// Something waits in the inbox, in the outbound queue or for room in a handler's queue.
        case attend
        /// The next line is due only after this time.
        case notYet(Duration)
        /// The next line is the model's answer to calls that are still running.
        case awaitingCalls
        /// The next line is an envelope, the first one: what others hold of the client's answers is to be noted before it.
        case awaitingOutputs
    }

    var table: RuleTable
    let options: RouterOptions
    var lanes: [RunDeliveries]
    /// The lanes, and those of handlers that were replaced.
    let allLanes: RunLanes
    let context: DeliveryContext
    let inbox: CommandQueue
    let clock: any RouterClock
    /// When routes that fire every so often did so last, in all sessions of the router.
    let intervals: RouteIntervals
    let observer: (any DispatchObserver)?
    /// Asked with every event: to look at the observer itself would copy it.
    let isObserved: Bool
    /// Says why events go where they go, where somebody asked.
    let explainer: RouteExplainer?
    /// Gets what comes, where somebody asked for a recording.
    let recording: SessionRecording?
    /// How the router configures the session; nil if somebody else does.
    let configuration: SessionBlock?
    /// Whether it does so before the first event of a connection.
    let configuresAtOnce: Bool
    var state: SessionState
    /// The session's labels as they match; ``RouterSession/labels`` are as they may be written.
    var labels: [SessionLabel]
    /// The labels that the caller of the run gave.
    let givenLabels: [SessionLabel]
    var counts = RunCounts()
    /// Deliveries on their way into the handlers' queues.
    var outgoing: OutgoingDeliveries
    /// Client events on their way out.
    var outbound: [OutboundEntry] = []
    /// The number of the connection, from 0.
    var connection = 0
    /// Whether no event has come on a new connection.
    var awaitsConnection = false
    /// What goes out first on a new connection.
    var leading: OutboundEntry?
    /// Set when an event has come on a new connection, so that something may be sent there.
    var release: OutboundRelease?

    /// The session that the event at hand belongs to.
    var scope: SessionScope
    /// Sessions of this source that were replaced, but of which events are still to come.
    var earlierScopes: [SessionScope] = []
    /// The event at hand. Derived events take the place of the wire event that gave them, when that was dispatched.
    var slots: FieldSlots
    /// Where sessions have their room for scans from.
    let rooms: ScanRooms
    var derived = DerivedEvents()
    var matched = MatchedRoutes()
    /// The same for the client's events.
    var clientMatched = MatchedRoutes()
    /// Whether the event at hand came under its beta name.
    var isAlias = false
    /// Whom the event at hand goes to, with the names of the routes.
    var deliveries: [(handler: Int, routes: [String])] = []
    /// Where the event at hand went, for the observer.
    var dispatched = (routes: [Int](), handlers: [Int]())
    /// Whether the client's answers to calls are still to be read ahead, which the first envelope demands.
    var awaitsOutputs: Bool
    /// Whether a router has recorded the session: its calls were run then, and those without an answer in the recording are not run now.
    var isReplay = false
    /// Whether the call of the derived event at hand is answered from the recording, so that nothing may run it.
    var isCallReplayed = false
    /// Whether the call of the derived event at hand is one of a client's function, so that nothing here may run or answer it.
    var isCallOfClient = false
    /// Whether silence is told at the time at which it is due, before a later event: in a live session, and in the recording of one.
    var tellsSilence: Bool
    /// Whether the session has cost as much as it may.
    var isCostReached = false
    /// Why the recorded session ended, where the recording says it.
    var recordedEnd: SessionEndReason?
    /// Whether `router.session.ended` is out, behind which nothing comes.
    var isFinished = false
    /// Whether the router may send; else handlers only watch.
    let mayAnswer: Bool
    /// Whether the source announces functions, and keeps their calls from a client.
    let ownsFunctions: Bool
    /// Functions of rules that were replaced, whose calls the source may have kept from the client.
    var formerFunctions: Set<String> = []
    private let start: Duration
    /// What the session may cost, if there is a limit.
    var cost: CostLimit? {
        didSet { metersCost = cost != nil }
    }
    /// Asked with every event: to look at the limit itself would copy it.
    private(set) var metersCost = false
    /// Where models are told of that have no price.
    var unpriced: UnpricedModels?
    /// What time it is for rules that go by time.
    var time: SessionTime
    /// Where the source is live and runs at its own pace.
    var live: LiveTime?
    /// Whether an event that does not say its time has the one at which it came.
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
        configuresAtOnce = description.configuresAtOnce
        mayAnswer = description.mayAnswer
        ownsFunctions = description.ownsFunctions
        scope.hasCheckedTranscription = description.isTranscribed
        self.rooms = rooms
        slots = FieldSlots(table.plan, rooms: rooms)
        outgoing = OutgoingDeliveries(active.runtimes)
        start = clock.now
        live = isLive && options.pace == .unlimited ? LiveTime(start: start) : nil
        tellsSilence = session.isInteractive && live != nil
        counts.routeNames = table.routeNames
        counts.matchedByRoute = Array(repeating: 0, count: table.routes.count)
        counts.byCode = Array(repeating: 0, count: EventType.Code.allCases.count)
        decideLabels()
        if configuresAtOnce {
            configureSession(.realtime)
            takeOutbound()
        }
    }

    /// Decides which conditions on `labels` hold, for all events until the labels change.
    mutating func decideLabels() {
        table.compiledRoutes.decide(labels, for: &matched)
        table.compiledRoutes.client?.decide(labels, for: &clientMatched)
        explainer?.decide(labels)
    }

    /// Routes the batch's lines from `index` on, as far as it gets without waiting.
    mutating func process(_ batch: EventBatch, from index: inout Int) -> Pause {
        defer { handOver() }
        let bytes = batch.bytes.span.bytes
        while index < batch.lines.count {
            let line = batch.lines[index]
            let text = bytes.extracting(line.range)
            guard line.length == line.range.count else {
                index += 1
                refuse(line, text, .oversized, "the line is longer than an event may be")
                continue
            }
            let whole = isObserved && batch.origins.isEmpty ? bytes.extracting(Self.untrimmed(line, batch.bytes)) : text
            let pause =
                batch.origins.isEmpty
                ? process(text, line, whole: whole) : process(text, line, batch.origins[index], whole: whole)
            if let pause { return pause }
            index += 1
            if mustAttend { return .attend }
        }
        return .batchDone
    }

    /// Routes a single message of a connection.
    private mutating func process(
        _ text: RawSpan, _ line: EventBatch.Line, _ origin: EventBatch.Origin, whole: RawSpan
    ) -> Pause? {
        noteArrival(origin.cameAt)
        guard scan(text, line, in: text) else { return nil }
        return route(text, line, whole: whole, at: origin.at, sender: origin.isClient ? .client : .server)
    }

    /// Finds the fields of an object; a line in which it is none is refused.
    ///
    /// - Parameter whole: The line's text.
    /// - Returns: Whether the text is an object.
    private mutating func scan(_ text: RawSpan, _ line: EventBatch.Line, in whole: RawSpan) -> Bool {
        do {
            try table.plan.scan(text, into: &slots)
        } catch {
            refuse(line, whole, .undecodable, error.description)
            return false
        }
        guard slots.rootKind == .object else {
            refuse(line, whole, .undecodable, "not a JSON object")
            return false
        }
        return true
    }

    /// A line with the blanks at its end, which are no part of the event: a carriage return, often.
    private static func untrimmed(_ line: EventBatch.Line, _ bytes: [UInt8]) -> Range<Int> {
        let blanks = bytes[line.range.upperBound...].prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return line.range.lowerBound..<blanks.endIndex
    }

    private var mustAttend: Bool {
        hasWishes || !outbound.isEmpty || outgoing.isBlocked || release != nil || isCostReached
    }

    /// Routes one line; a pause means that the line was not touched and is to be given again.
    ///
    /// - Parameter whole: the line as it came.
    private mutating func process(_ text: RawSpan, _ line: EventBatch.Line, whole: RawSpan) -> Pause? {
        guard scan(text, line, in: text) else { return nil }
        guard let envelope = table.envelope.read(&slots, text) else {
            if slots.value(table.envelope.type) == nil, takeHeader(text) || takeControl(text) || isForgotten(text) {
                return nil
            }
            return route(text, line, whole: whole, at: nil, sender: .server)
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
        return route(inner, line, whole: whole, at: envelope.at, sender: sender, origin: origin)
    }

    private mutating func route(
        _ text: RawSpan, _ line: EventBatch.Line, whole: RawSpan, at: Double?, sender: EnvelopeFields.Sender,
        origin: EventOrigin? = nil
    ) -> Pause? {
        if let at {
            live?.note(at)
            time.note(at)
        }
        let at = at ?? (stampsArrival ? live?.arrivedAt : nil)
        if tellsSilence, sender != .router, let at, tellSilence(upTo: at) {
            // What was derived took the place of the event.
            guard scan(text, line, in: whole) else { return nil }
        }
        guard sender == .server else {
            takeClient(text, line, whole: whole, at, sender: sender, origin: origin)
            return nil
        }
        let code = canonicalType(text)
        if code == .unknown, scope.session.isInteractive, isOwn(text) {
            takeClient(text, line, whole: whole, at, sender: .router, origin: nil)
            return nil
        }
        if code == .responseCreated, state.owedCalls > 0, holdsForCalls { return .awaitingCalls }
        let position = EventPosition(line: line.number)
        if code.isDerived && options.acceptsDerivedEvents {
            counts.derived += 1
            _ = dispatch(code, text, position: position, at: at)
            if isObserved { notifyObserver(code, position, at, event: text, line: whole) }
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
        if isObserved { notifyObserver(code, position, at, event: text, line: whole) }
        if code == .sessionCreated { configureSession(text, position) }
        if code == .error { noteRefused(position) }
        if code == .sessionUpdated { noteTranscription(text) }
        if awaitsConnection { beginSending() }
        dispatchDerived()
        if metersCost, CostLimit.concerns(code) { meterCost(code, text, position, at) }
        return nil
    }

    /// At full speed a recording outruns the commands that its calls start. What the model said next, it said knowing
    /// their answers: so that is held until they are there, and every record comes in the order of the conversation.
    private var holdsForCalls: Bool {
        if case .unlimited = options.pace { return !scope.session.isInteractive && !options.isDryRun }
        return false
    }

    /// The event's type, with the canonical name in place of a beta one, for the session and the rules alike.
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

/// What belongs to one of the sessions that follow one another on a source.
struct SessionScope {
    var session: RouterSession
    var fired = FiredRoutes()
    /// The number of the session's last event.
    var sequence = 0
    /// Whether the session was configured on its connection.
    var isConfigured = false
    /// Whether the model was told which functions it can call.
    var hasAnnouncedTools = false
    /// Whether it was looked whether the session transcribes what its user says.
    var hasCheckedTranscription = false
    /// What the updates say of the session's type.
    var announcedType: SessionType?
    /// How many updates were sent.
    var updates = 0
    /// Whether the server's id of the session is known, which does not change then.
    private(set) var isIdentified = false

    init(_ session: RouterSession) {
        self.session = session
    }

    mutating func identify(_ id: String) {
        session.sessionID = id
        isIdentified = true
    }
}
