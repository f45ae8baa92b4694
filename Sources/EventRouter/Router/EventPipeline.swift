import EventJSON
import RealtimeEvents
import RealtimeSession
import Synchronization

/// The way of an event through one session: scan, session state, rules, handler queues. Synchronous: whatever has to
/// wait makes it return, and the session's loop does the waiting.
struct EventPipeline {
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
    }

    let table: RouteTable
    let options: RouterOptions
    let lanes: [HandlerLane]
    let inbox: SessionInbox
    let clock: any RouterClock
    let observer: (any DispatchObserver)?
    var state: SessionState
    private(set) var session: RouterSession
    private(set) var counts = RunCounts()
    /// Deliveries for which a blocking queue had no room, oldest first.
    var overflow: [(lane: Int, delivery: EventDelivery)] = []
    /// Client events on their way out.
    var outbound: [ClientEvent] = []

    /// The event at hand. Derived events take the place of the wire event that gave them, when that was dispatched.
    private var slots: FieldSlots
    private var derived = DerivedEvents()
    private var matched = MatchedRoutes()
    private var once = OnceLedger()
    /// Calls that a handler took and has not answered yet.
    private var takenCalls: Set<String> = []
    /// Whether the event at hand came under its beta name.
    private var isAlias = false
    /// Where the event at hand went, for the observer.
    private var way = (routes: [Int](), handlers: [Int]())
    private let start: Duration

    init(
        table: RouteTable, options: RouterOptions, lanes: [HandlerLane], inbox: SessionInbox, session: RouterSession,
        state: SessionState, clock: any RouterClock, observer: (any DispatchObserver)? = nil
    ) {
        self.table = table
        self.options = options
        self.lanes = lanes
        self.inbox = inbox
        self.session = session
        self.state = state
        self.clock = clock
        self.observer = observer
        slots = FieldSlots(table.plan)
        start = clock.now
        counts.matchedByRoute = Array(repeating: 0, count: table.routes.count)
        counts.byCode = Array(repeating: 0, count: EventType.Code.allCases.count)
    }

    /// Routes the batch's lines from `index` on, as far as it gets without waiting.
    mutating func process(_ batch: EventBatch, from index: inout Int) -> Pause {
        let bytes = batch.bytes.span.bytes
        while index < batch.lines.count {
            let line = batch.lines[index]
            let text = bytes.extracting(line.range)
            guard line.length == line.range.count else {
                index += 1
                refuse(line, text, .oversized, "the line is longer than an event may be")
                continue
            }
            if let pause = process(text, line) { return pause }
            index += 1
            if mustAttend { return .attend }
        }
        return .batchDone
    }

    private var mustAttend: Bool {
        !inbox.isEmpty || !outbound.isEmpty || !overflow.isEmpty
    }

    /// Routes one line; a pause means that the line was not touched and is to be given again.
    private mutating func process(_ text: RawSpan, _ line: EventBatch.Line) -> Pause? {
        do {
            try table.plan.scan(text, into: &slots)
        } catch {
            refuse(line, text, .undecodable, error.description)
            return nil
        }
        guard slots.rootKind == .object else {
            refuse(line, text, .undecodable, "not a JSON object")
            return nil
        }
        guard let envelope = table.envelope.read(&slots, text) else {
            return route(text, line, whole: text, at: nil, isClient: false)
        }
        if envelope.at != nil { counts.hasTimes = true }
        if let wait = options.pace.wait(until: envelope.at, elapsed: clock.now - start) { return .notYet(wait) }
        let inner = text.extracting(envelope.event)
        do {
            try table.plan.scan(inner, into: &slots)
        } catch {
            refuse(line, text, .undecodable, error.description)
            return nil
        }
        return route(inner, line, whole: text, at: envelope.at, isClient: envelope.isClient)
    }

    private mutating func route(
        _ text: RawSpan, _ line: EventBatch.Line, whole: RawSpan, at: Double?, isClient: Bool
    ) -> Pause? {
        if isClient {
            state.applyClient(table.sessionFields, &slots, text, line: line.number, at: at)
            takeOutbound()
            return nil
        }
        let code = canonicalType(text)
        if code == .responseCreated, state.owedCalls > 0, holdsForCalls { return .awaitingCalls }
        let position = EventPosition(line: line.number)
        if code.isDerived && options.acceptsDerivedEvents {
            counts.derived += 1
            _ = dispatch(code, text, position: position, at: at)
            tellObserver(code, position, event: text, line: whole)
            return nil
        }
        counts.events += 1
        counts.byCode[Int(code.rawValue)] += 1
        let sessions = state.sessionCount
        state.apply(code, table.sessionFields, &slots, text, line: line.number, at: at, into: &derived)
        if state.sessionCount != sessions { renewSession() }
        session.sessionID = state.sessionID
        if !dispatch(code, text, position: position, at: at) { unmatched(code, text, position, at) }
        tellObserver(code, position, event: text, line: whole)
        dispatchDerived()
        return nil
    }

    /// At full speed a recording outruns the commands that its calls start. What the model said next, it said knowing
    /// their answers: so that is held until they are there, and every record comes in the order of the conversation.
    private var holdsForCalls: Bool {
        if case .unlimited = options.pace { return !session.isInteractive && !options.isDryRun }
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

    private mutating func renewSession() {
        once.reset()
        session = RouterSession(
            key: state.sessionKey, labels: session.labels, isInteractive: session.isInteractive,
            receive: inbox.put)
    }

    /// Routes the derived events that the last step gave, and those that they give.
    private mutating func dispatchDerived() {
        guard !derived.isEmpty else { return takeOutbound() }
        let events = derived
        derived.removeAll()
        for event in events {
            counts.derived += 1
            let text = event.bytes.span.bytes
            guard (try? table.plan.scan(text, into: &slots)) != nil else { continue }
            let taken = dispatch(event.code, text, position: event.position, at: event.at)
            tellObserver(event.code, event.position, event: text, line: text)
            if let callID = event.callID, event.code == .routerFunctionCallReady { settle(callID, isTaken: taken) }
        }
        takeOutbound()
        if !derived.isEmpty { dispatchDerived() }
    }

    private mutating func settle(_ callID: String, isTaken: Bool) {
        if isTaken && !options.isDryRun {
            takenCalls.insert(callID)
            state.take(callID)
        } else {
            state.decline(callID)
        }
    }

    private mutating func takeOutbound() {
        while let event = state.nextOutbound() { outbound.append(event) }
    }
}

// MARK: - Matching and delivery

extension EventPipeline {
    /// Delivers an event to the handlers of all routes that match.
    ///
    /// - Returns: whether a route took it; for a ready call, whether a handler took it that answers calls.
    private mutating func dispatch(
        _ code: EventType.Code, _ text: RawSpan, position: EventPosition, at: Double?
    ) -> Bool {
        if observer != nil { way = ([], []) }
        let typeSlot = table.envelope.type
        var name: String?
        if code == .unknown && table.rules.needsTypeNames { name = slots.string(slot: typeSlot, in: text) }
        table.rules.match(code, &slots, text, into: &matched, name: name ?? "")
        guard !matched.routes.isEmpty else { return false }

        var deliveries: [(lane: Int, routes: [String])] = []
        var answersCall = false
        var isTaken = false
        for id in matched.routes {
            let rule = table.rules.rules[id]
            guard mayFire(rule, id, text) else { continue }
            var fired = false
            for target in rule.targets where target.filter?.contains(code, name: name ?? "") ?? true {
                fired = true
                add(target.handler, route: id, code, to: &deliveries, &answersCall)
            }
            guard fired else { continue }
            isTaken = true
            counts.matchedByRoute[id] += 1
            if observer != nil { way.routes.append(id) }
            if rule.stop { break }
        }
        guard !deliveries.isEmpty else { return isTaken }
        let event = makeEvent(code, text, position, at)
        for (lane, routes) in deliveries {
            deliver(EventDelivery(event: event, routes: routes, session: session), to: lane)
        }
        return code == .routerFunctionCallReady ? answersCall : isTaken
    }

    /// Adds a route to the delivery for a handler. Of several handlers that answer calls only the first gets a call.
    private func add(
        _ handler: Int, route: Int, _ code: EventType.Code, to deliveries: inout [(lane: Int, routes: [String])],
        _ answersCall: inout Bool
    ) {
        let name = table.routes[route].name
        if let index = deliveries.firstIndex(where: { $0.lane == handler }) {
            if deliveries[index].routes.last != name { deliveries[index].routes.append(name) }
            return
        }
        if code == .routerFunctionCallReady, table.handlers[handler].handler.takesFunctionCalls {
            if answersCall { return }
            answersCall = true
        }
        deliveries.append((handler, [name]))
    }

    private mutating func mayFire(
        _ rule: CompiledRoutes.Rule, _ route: Int, _ text: RawSpan
    ) -> Bool {
        switch rule.oncePer {
        case nil: return true
        case .session: return once.mayFire(route, for: 0)
        case .turn: return once.mayFire(route, for: state.turn)
        case .field(let slot):
            let hash = slots.withText(slot: slot, in: text) { span in
                var hasher = Hasher()
                span.withUnsafeBytes { hasher.combine(bytes: $0) }
                return hasher.finalize()
            }
            return hash.map { once.mayFire(route, for: $0) } ?? true
        }
    }

    private mutating func tellObserver(
        _ code: EventType.Code, _ position: EventPosition, event: RawSpan, line: RawSpan
    ) {
        guard let observer else { return }
        let type = type(code, event)
        observer.observe(
            Dispatch(
                session: session.key, position: position, type: type, routes: way.routes, handlers: way.handlers),
            event: event, line: line)
    }

    /// The type by its code, or by its name when it has none.
    private mutating func type(_ code: EventType.Code, _ text: RawSpan) -> EventType {
        code == .unknown ? EventType(slots.string(slot: table.envelope.type, in: text) ?? "") : EventType(code)
    }

    private mutating func makeEvent(
        _ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?
    ) -> RealtimeEvent {
        let bytes = text.withUnsafeBytes { [UInt8]($0) }
        let type = type(code, text)
        let wireType =
            isAlias && position.derived == 0
            ? EventType.betaNames.first { $0.code == code }?.name.description ?? type.name : type.name
        return RealtimeEvent(
            bytes: bytes, type: type, wireType: wireType, position: position, at: at, dialect: options.dialect)
    }

    /// An event that no route took: counted, and delivered where the table says so.
    private mutating func unmatched(
        _ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?
    ) {
        counts.unmatched += 1
        guard let lane = table.unmatchedHandler else { return }
        let event = makeEvent(code, text, position, at)
        deliver(EventDelivery(event: event, routes: [], session: session), to: lane)
    }

    private mutating func deliver(_ delivery: EventDelivery, to lane: Int) {
        lanes[lane].counters.matched.add(1, ordering: .relaxed)
        if observer != nil { way.handlers.append(lane) }
        guard !options.isDryRun else { return }
        // Behind a delivery of the same lane that still waits for room this one has to wait as well.
        if overflow.contains(where: { $0.lane == lane }) {
            overflow.append((lane, delivery))
            return
        }
        offer(delivery, to: lane)
    }

    private mutating func offer(_ delivery: EventDelivery, to lane: Int) {
        switch lanes[lane].queue.offer(delivery) {
        case .accepted: break
        case .full: overflow.append((lane, delivery))
        case .dropped(let dropped): lanes[lane].drop(dropped)
        }
    }

    /// Tries again what had no room.
    mutating func offerOverflow() {
        let waiting = overflow
        overflow = []
        for (lane, delivery) in waiting {
            if overflow.contains(where: { $0.lane == lane }) {
                overflow.append((lane, delivery))
            } else {
                offer(delivery, to: lane)
            }
        }
    }

    private mutating func refuse(
        _ line: EventBatch.Line, _ text: RawSpan, _ reason: DeadLetter.Reason, _ error: String
    ) {
        counts.undecodable += 1
        guard !options.isDryRun else { return }
        table.deadLetters.record(
            DeadLetter(
                reason: reason, session: session.key, sessionID: session.sessionID, error: error, line: line.number,
                length: line.length, bytes: text.withUnsafeBytes { Array($0.prefix(DeadLetter.keptBytes)) }))
    }
}

// MARK: - What happens beside the lines

extension EventPipeline {
    /// Does what handlers asked for.
    mutating func serveInbox() {
        guard !inbox.isEmpty else { return }
        for wish in inbox.takeAll() {
            switch wish {
            case .send(let event): state.send(event)
            case .requestResponse: state.requestResponse()
            case .complete(let outcome):
                if let callID = outcome.callID { takenCalls.remove(callID) }
                state.complete(outcome, into: &derived)
            }
            dispatchDerived()
        }
    }

    /// The source has ended: open utterances are flushed, calls become ready that wait for nothing else.
    mutating func endOfSource(_ reason: SessionEndReason) {
        state.endOfSource(reason, into: &derived)
        dispatchDerived()
    }

    /// Gives up the calls that are still running.
    mutating func cancelCalls() {
        for callID in takenCalls.sorted() {
            let reason = "the router was shut down while the call ran"
            state.complete(
                FunctionCallOutcome(callID: callID, state: .cancelled, output: nil, error: reason), into: &derived)
        }
        takenCalls = []
        dispatchDerived()
    }

    /// The last event of the session.
    mutating func finish() {
        state.finish(into: &derived)
        dispatchDerived()
    }
}
