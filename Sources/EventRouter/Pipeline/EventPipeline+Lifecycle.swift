import RealtimeEvents
import RealtimeSession

// What happens to the session beside its events: what handlers ask for, and its end.
extension EventPipeline {
    /// Nothing has come: gives back what only events need.
    mutating func rest() {
        observer?.pause()
        slots.rest()
    }

    /// Takes in what a recording's client answered.
    mutating func note(recordedOutputs: RecordedOutputs) {
        state.note(recordedOutputs: recordedOutputs)
        awaitsOutputs = false
    }

    /// Whether handlers asked for something that can be done. While client events wait here no more are taken from the inbox, whose
    /// bound holds then.
    var hasWishes: Bool { outbound.isEmpty ? !inbox.isEmpty : inbox.isUrgent }

    /// Does what handlers asked for.
    mutating func serveInbox() {
        guard hasWishes else { return }
        defer { handOver() }
        for entry in inbox.take(withSends: outbound.isEmpty) {
            switch entry.command {
            case .send where !mayAnswer, .requestResponse where !mayAnswer, .speak where !mayAnswer: refuse(entry)
            case .send(let event): state.send(event, origin: entry.origin)
            case .requestResponse: state.requestResponse(origin: entry.origin)
            case .speak(let parameters, let call):
                state.speak(parameters, whileWaitingFor: call, origin: entry.origin)
            case .complete(let outcome):
                var origin = entry.origin
                origin.route = outcome.route ?? origin.route
                state.complete(outcome, origin: origin, into: &derived)
            }
            dispatchDerived()
        }
    }

    /// Reports what a handler wants to send into a session that the router only watches.
    private mutating func refuse(_ entry: CommandQueue.Entry) {
        let event: ClientEvent =
            switch entry.command {
            case .send(let event): event
            default: .other(["type": "response.create"])
            }
        note(UnsentRequest(event, entry.origin, .sessionObserved), isCounted: false)
    }

    /// The source has ended: open utterances are flushed, calls become ready that wait for nothing else.
    mutating func endOfSource(_ reason: SessionEndReason) {
        defer { handOver() }
        state.endOfSource(reason, into: &derived)
        dispatchDerived()
    }

    /// Gives up the calls that are still running.
    mutating func cancelCalls() {
        defer { handOver() }
        for call in state.takenCalls {
            let reason = "the router was shut down while the call ran"
            state.complete(
                FunctionCallOutcome(of: call, state: .cancelled, output: nil, error: reason), into: &derived)
        }
        dispatchDerived()
    }

    /// The last event of the session.
    mutating func finish() {
        defer { handOver() }
        state.finish(into: &derived)
        dispatchDerived()
        isFinished = true
    }
}

// What a live source brings by sending nothing.
extension EventPipeline {
    /// The batch that is routed next came at this moment of the clock.
    mutating func noteArrival(_ moment: Duration) {
        live?.arrive(moment)
    }

    /// The moment of the clock at which something has to be told though no event comes; `nil` when there is none.
    var nextAlarm: Duration? {
        guard let live, state.nextAlarm < .infinity else { return nil }
        return live.moment(of: state.nextAlarm)
    }

    /// Tells what is due though no event has come.
    mutating func tellSilence() {
        guard let live, state.nextAlarm < .infinity else { return }
        defer { handOver() }
        // The way from seconds to a moment and back may end a hair before the alarm.
        tellSilence(upTo: max(state.nextAlarm, live.at(clock.now)))
    }

    /// Tells what was due by a time, each at the time at which it was due: so a recording of the session tells the same.
    ///
    /// - Returns: Whether anything was due.
    @discardableResult
    mutating func tellSilence(upTo time: Double) -> Bool {
        var isTold = false
        while case let alarm = state.nextAlarm, alarm <= time {
            state.passTime(to: alarm, into: &derived)
            dispatchDerived()
            isTold = true
            // What is due has been told, unless the session is over.
            guard state.nextAlarm > alarm else { break }
        }
        return isTold
    }
}

// What a live session may last and cost.
extension EventPipeline {
    /// Adds the cost of an event of the server, and says so when the session comes near its limit.
    mutating func meterCost(_ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?) {
        // What was derived took the place of the event, but for its text.
        let event = RealtimeEvent(
            bytes: text.withUnsafeBytes { [UInt8]($0) }, type: EventType(code), wireType: EventType(code).name,
            position: position, at: at, dialect: state.dialect)
        if let usage = cost?.add(event) { unpriced?.note(usage, session: scope.session.key) }
        guard let highest = cost?.highest, let spent = cost?.cost else { return }
        if cost?.takeNotice() == true {
            var limit = ApproachingLimit()
            limit.limit = .maxCost
            limit.cost = spent
            limit.maxCost = highest
            announce(limit)
        }
        if cost?.isReached == true { isCostReached = true }
    }

    /// Whether the session has had an event.
    var hasStarted: Bool { state.hasStarted }

    /// Tells the session that it comes near its longest duration.
    mutating func announce(remaining: Duration, of longest: Duration) {
        var limit = ApproachingLimit()
        limit.limit = .maxDuration
        limit.remainingMs = remaining.milliseconds
        limit.maxDurationMs = longest.milliseconds
        announce(limit)
    }

    private mutating func announce(_ limit: ApproachingLimit) {
        let at = timeOfEvents
        recording?.note(limit, at: at)
        take(limit, at: at)
    }

    /// Takes a limit that the session comes near, and routes the event about it.
    mutating func take(_ limit: ApproachingLimit, at: Double?) {
        defer { handOver() }
        state.announce(limit, at: at, into: &derived)
        dispatchDerived()
    }
}
