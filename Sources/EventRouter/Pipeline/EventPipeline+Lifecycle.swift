import RealtimeEvents
import RealtimeSession

// Handlers' commands, and the end of the session.
extension EventPipeline {
    /// Releases buffers while there are no events.
    mutating func rest() {
        observer?.pause()
        slots.rest()
    }

    /// Sets the recorded outputs of calls.
    mutating func note(recordedOutputs: RecordedOutputs) {
        state.note(recordedOutputs: recordedOutputs)
        awaitsOutputs = false
    }

    /// Whether handlers' commands can be processed. While client events are waiting here, no more are taken from the
    /// queue, so that its bound applies.
    var hasCommands: Bool { outbound.isEmpty ? !inbox.isEmpty : inbox.isUrgent }

    /// Processes handlers' commands.
    mutating func processCommands() {
        guard hasCommands else { return }
        defer { submitDeliveries() }
        for entry in inbox.take(withSends: outbound.isEmpty) {
            switch entry.command {
            case .send where !maySendClientEvents, .requestResponse where !maySendClientEvents,
                .speak where !maySendClientEvents:
                refuse(entry)
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

    /// Reports a client event of a handler in a session that the router only observes.
    private mutating func refuse(_ entry: CommandQueue.Entry) {
        let event: ClientEvent =
            switch entry.command {
            case .send(let event): event
            default: .other(["type": "response.create"])
            }
        note(UnsentRequest(event, entry.origin, .sessionObserved), isCounted: false)
    }

    /// Ends the source: flushes open utterances, and makes calls ready that wait for nothing else.
    mutating func endOfSource(_ reason: SessionEndReason) {
        defer { submitDeliveries() }
        state.endOfSource(reason, into: &derived)
        dispatchDerived()
    }

    /// Cancels the calls that are still running.
    mutating func cancelCalls() {
        defer { submitDeliveries() }
        for call in state.takenCalls {
            let reason = "the router was shut down while the call ran"
            state.complete(
                FunctionCallOutcome(of: call, state: .cancelled, output: nil, error: reason), into: &derived)
        }
        dispatchDerived()
    }

    /// Emits the session's last event.
    mutating func finish() {
        defer { submitDeliveries() }
        state.finish(into: &derived)
        dispatchDerived()
        isFinished = true
    }
}

// Timeouts of a live source that sends nothing.
extension EventPipeline {
    /// Sets the clock's time at which the next batch arrived.
    mutating func noteArrival(_ moment: Duration) {
        live?.arrive(moment)
    }

    /// The clock's time of the next timeout; nil if there is none.
    var nextAlarm: Duration? {
        guard let live, state.nextAlarm < .infinity else { return nil }
        return live.moment(of: state.nextAlarm)
    }

    /// Fires the timeouts that are due although no event has arrived.
    mutating func fireTimeouts() {
        guard let live, state.nextAlarm < .infinity else { return }
        defer { submitDeliveries() }
        // Converting seconds to clock time and back may yield slightly less than the timeout.
        fireTimeouts(upTo: max(state.nextAlarm, live.at(clock.now)))
    }

    /// Fires the timeouts up to a time, each at its own time, so that a recording of the session has the same events.
    ///
    /// - Returns: Whether any timeout fired.
    @discardableResult
    mutating func fireTimeouts(upTo time: Double) -> Bool {
        var isTold = false
        while case let alarm = state.nextAlarm, alarm <= time {
            state.advanceTime(to: alarm, into: &derived)
            dispatchDerived()
            isTold = true
            // If the next timeout has not moved, the session is over.
            guard state.nextAlarm > alarm else { break }
        }
        return isTold
    }
}

// Limits on the duration and cost of a live session.
extension EventPipeline {
    /// Adds the cost of a server event, and announces when the session approaches its limit.
    mutating func meterCost(_ code: EventType.Code, _ text: RawSpan, _ position: EventPosition, _ at: Double?) {
        // Derived events have replaced the event's fields, but not its text.
        let event = RealtimeEvent(
            bytes: text.withUnsafeBytes { [UInt8]($0) }, type: EventType(code), wireType: EventType(code).name,
            position: position, at: at, dialect: state.dialect)
        if let usage = cost?.add(event) { unpriced?.note(usage, session: scope.session.key) }
        guard let highest = cost?.highest, let spent = cost?.cost else { return }
        if cost?.takeNotice() == true {
            var limit = SessionLimitApproaching()
            limit.limit = .maxCost
            limit.cost = spent
            limit.maxCost = highest
            announce(limit)
        }
        if cost?.isReached == true { isCostReached = true }
    }

    /// Whether the session has had an event.
    var hasStarted: Bool { state.hasStarted }

    /// Announces that the session approaches its largest duration.
    mutating func announce(remaining: Duration, of longest: Duration) {
        var limit = SessionLimitApproaching()
        limit.limit = .maxDuration
        limit.remainingMs = remaining.milliseconds
        limit.maxDurationMs = longest.milliseconds
        announce(limit)
    }

    private mutating func announce(_ limit: SessionLimitApproaching) {
        let at = timeOfEvents
        recording?.note(limit, at: at)
        take(limit, at: at)
    }

    /// Emits and routes the event about a limit that the session approaches.
    mutating func take(_ limit: SessionLimitApproaching, at: Double?) {
        defer { submitDeliveries() }
        state.announce(limit, at: at, into: &derived)
        dispatchDerived()
    }
}
