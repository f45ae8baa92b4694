import EventJSON
import RealtimeEvents
import RealtimeSession
import RecordFiles
import Synchronization

extension EventPipeline {
    /// Delivers an event to the handlers of all routes that match.
    ///
    /// - Returns: Whether a route took it; for a ready call, whether a handler that answers calls took it.
    mutating func dispatch(
        _ code: EventType.Code, _ text: RawSpan, position: EventPosition, at: Double?
    ) -> Bool {
        scope.sequence += 1
        if isObserved { dispatched = ([], []) }
        let typeSlot = table.envelope.type
        var name = ""
        if code == .unknown && (table.compiledRoutes.needsTypeNames || explainer != nil) {
            name = slots.string(slot: typeSlot, in: text) ?? ""
        }
        table.compiledRoutes.match(code, &slots, text, into: &matched, name: name)
        if matched.routes.isEmpty && explainer == nil { return false }

        let (isTaken, answersCall) = fire(matched.routes, code, name, text, position, at, from: .server)
        let result = code == .routerFunctionCallReady ? answersCall : isTaken
        guard !deliveries.isEmpty else { return result }
        let event = makeEvent(code, text, position, at)
        let redacted = table.redaction.redacted(event)
        for (handler, routes) in deliveries {
            let isWhole = table.handlers[handler].takesFunctionCalls
            deliver(isWhole ? event : redacted, routes, to: handler)
        }
        return result
    }

    /// Fires the routes that an event matches, unless `stop`, `once_per`, a schedule or their handlers' types exclude
    /// them. Fills ``deliveries``, and explains the event.
    ///
    /// - Parameter routes: The routes that match, in file order.
    /// - Returns: Whether a route took the event, and whether a handler that answers calls is among its handlers.
    mutating func fire(
        _ routes: [Int], _ code: EventType.Code, _ name: String, _ text: RawSpan, _ position: EventPosition,
        _ at: Double?, from side: SessionSide
    ) -> (isTaken: Bool, answersCall: Bool) {
        deliveries.removeAll(keepingCapacity: true)
        var answersCall = false
        var isTaken = false
        for (offset, id) in routes.enumerated() {
            let rule = table.compiledRoutes.rules[id]
            // A route that is excluded by its handlers' types does not count as fired for `once_per`.
            guard rule.takes(code, name) else {
                explainer?.note(id, .notMadeFor)
                continue
            }
            guard isScheduled(rule, id, at: at) else { continue }
            let mayFire = mayFire(rule, id, code, text, at: at)
            if rule.oncePer != nil, let explainer {
                explainOncePer(explainer, rule, id, fires: mayFire, code, text, position, at)
            }
            guard mayFire else { continue }
            for target in rule.targets where target.takes(code, name) {
                add(target.handler, route: id, code, &answersCall)
            }
            isTaken = true
            counts.matchedByRoute[id] += 1
            if isObserved { dispatched.routes.append(id) }
            explainer?.note(id, rule.targets.isEmpty ? .discarded : .fired(handlers: []))
            if rule.stop {
                explainer?.note(
                    id,
                    stopped: routes[(offset + 1)...].filter { later in
                        table.compiledRoutes.rules[later].takes(code, name)
                    })
                break
            }
        }
        if isTaken && code.isDerived { counts.derivedMatched += 1 }
        if let explainer { explain(explainer, code, name, text, position, at, side, isTaken: isTaken) }
        return (isTaken, answersCall)
    }

    private mutating func explain(
        _ explainer: RouteExplainer, _ code: EventType.Code, _ name: String, _ text: RawSpan,
        _ position: EventPosition, _ at: Double?, _ side: SessionSide, isTaken: Bool
    ) {
        let event = side == .client ? makeClientEvent(text, position, at) : makeEvent(code, text, position, at)
        if !isCallReplayed { explainer.noteCall(code, deliveries, table) }
        explainer.noteHandlers(deliveries, table)
        let type = code == .unknown ? name : EventType(code).name
        var times: [Double] = []
        if explainer.asksForTime {
            // The time that the console displays, and the one that a timeline displays.
            times = [DisplayTime.seconds(of: event), at].compactMap(\.self)
        }
        let asked = ExplainedEvent(code: code, name: type, side: side, position: position)
        guard let verdicts = explainer.finish(asked, &slots, text, times: times) else { return }
        let isUnmatched = side == .server && position.derived == 0 && !isTaken
        explainer.deliver(
            EventExplanation(
                event: table.redaction.redacted(event), side: side, session: scope.session.key,
                labels: scope.session.labels, wallTime: time.wallTime(at, clock), verdicts: verdicts,
                unmatchedHandler: isUnmatched ? table.unmatched : nil))
    }

    /// Adds a route to the delivery for a handler. If several handlers answer calls, only the first gets a call.
    private mutating func add(_ handler: Int, route: Int, _ code: EventType.Code, _ answersCall: inout Bool) {
        let names = table.compiledRoutes.rules[route].names
        if let index = deliveries.firstIndex(where: { $0.handler == handler }) {
            if deliveries[index].routes.last != names[0] { deliveries[index].routes += names }
            return
        }
        if code == .routerFunctionCallReady, table.handlers[handler].takesFunctionCalls {
            if answersCall || isReplay || isCallReplayed || isCallOfClient || !maySendClientEvents { return }
            answersCall = true
        }
        deliveries.append((handler, names))
    }

    /// Notifies handlers of function calls that the user interrupted. Not in a recording, whose time is unrelated to
    /// the time of running calls.
    func notifyInterruption(at sequence: Int) {
        guard scope.session.isInteractive, !options.isDryRun else { return }
        // A replaced handler may still run calls.
        for lane in allLanes.all {
            lane.target.roles.functionCalls?.userInterrupted(scope.session, at: sequence)
        }
    }

    mutating func notifyObserver(
        _ code: EventType.Code, _ position: EventPosition, _ at: Double?, event: RawSpan, line: RawSpan
    ) {
        guard let observer else { return }
        let type = type(code, event)
        observer.observe(
            Dispatch(
                session: scope.session.key, position: position, type: type, at: at, routes: dispatched.routes,
                handlers: dispatched.handlers),
            event: event, line: line)
    }

    /// The event's type, by its code, or by its name if it has no code.
    mutating func type(_ code: EventType.Code, _ text: RawSpan) -> EventType {
        code == .unknown ? EventType(slots.string(slot: table.envelope.type, in: text) ?? "") : EventType(code)
    }

    mutating func makeEvent(
        _ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?
    ) -> RealtimeEvent {
        let bytes = text.withUnsafeBytes { [UInt8]($0) }
        let type = type(code, text)
        let wireType =
            isAlias && position.derived == 0
            ? EventType.betaNames.first { $0.code == code }?.name.description ?? type.name : type.name
        return RealtimeEvent(
            bytes: bytes, type: type, wireType: wireType, position: position, at: at, dialect: state.dialect)
    }

    /// Counts an event that no route took, and delivers it to the handler of unmatched events.
    mutating func unmatched(
        _ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?
    ) {
        counts.unmatched += 1
        guard let handler = table.unmatchedHandler else { return }
        let event = table.redaction.redacted(makeEvent(code, text, position, at))
        deliver(event, [], to: handler)
    }

    mutating func deliver(
        _ event: RealtimeEvent, _ routes: [String], to handler: Int, from side: SessionSide = .server
    ) {
        lanes[handler].counters.matched.add(1, ordering: .relaxed)
        if isObserved { dispatched.handlers.append(handler) }
        guard !options.isDryRun else { return }
        let delivery = EventDelivery(
            event: event, routes: routes, session: scope.session, sequence: scope.sequence, side: side)
        outgoing.append(
            QueuedDelivery(delivery: delivery, run: lanes[handler], retry: table.retry(of: routes)), to: handler,
            isUrgent: event.type.code == .routerFunctionCallReady)
    }

    /// Submits the deliveries since the last call to the handlers' queues.
    ///
    /// - Parameter retries: Whether to retry queues that were full.
    mutating func submitDeliveries(retries: Bool = false) {
        if outgoing.submit(retries: retries) { scope.session.lastRouted = scope.sequence }
    }

    mutating func refuse(
        _ line: EventBatch.Line, _ text: RawSpan, _ reason: DeadLetter.Reason, _ error: String
    ) {
        counts.undecodable += 1
        guard !options.isDryRun else { return }
        let kept = text.withUnsafeBytes { Array($0.prefix(DeadLetter.keptBytes + table.redaction.secrets.longest)) }
        let isCut = min(kept.count, DeadLetter.keptBytes) < line.length
        let written = table.redaction.redacted(line: kept, isCut: kept.count < line.length)
        context.deadLetters.record(
            DeadLetter(
                reason: reason, session: scope.session.key, sessionID: scope.session.sessionID,
                labels: scope.session.labels, error: error, line: line.number, length: line.length,
                bytes: written, isTruncated: isCut || written.isEmpty && line.length > 0))
    }
}
