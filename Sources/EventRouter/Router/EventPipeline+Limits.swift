import RealtimeEvents
import RealtimeSession

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
