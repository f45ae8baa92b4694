package import RealtimeEvents

// What the source allows the session. It follows from the last event, as what time alone causes.
extension SessionState {
    /// Emits `router.session.limit`.
    ///
    /// - Parameters:
    ///   - limit: The limit that the session comes near.
    ///   - time: Seconds since the recording began; nil without times.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func announce(
        _ limit: ApproachingLimit, at time: Double?, into derived: inout DerivedEvents
    ) {
        guard hasStarted, endReason == nil else { return }
        passTimeIfDue(to: time, into: &derived)
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        let kind = limit.limit?.rawValue ?? "unknown"
        emitter.emit(.routerSessionLimit, "session.limit/\(kind)", turn: turn) { (body: inout ApproachingLimit) in
            let head = body.head
            body = limit
            body.head = head
        }
    }
}
