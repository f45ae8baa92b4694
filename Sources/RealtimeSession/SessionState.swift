public import EventJSON
public import RealtimeEvents

/// One source's session as a pure value: what its events mean together.
///
/// Feed it every event in order with ``apply(_:_:_:_:line:at:into:)``; it answers with derived events. It knows no clock, no task
/// and no file, so a replay of the same source gives the same events with the same ids.
///
/// It also is the only place that decides when answers go out. A `router.function_call.ready` is settled by ``take(_:)`` or
/// ``decline(_:)``; what was taken is finished by ``complete(_:into:)``. After each of these calls and after each event, ask
/// ``nextOutbound()`` until it gives nil.
///
/// The end has two steps, because calls may still run: ``endOfSource(_:into:)``, then the outcomes of ``owedCalls``, then
/// ``finish(into:)``.
public struct SessionState: Sendable {
    let configuration: SessionConfiguration
    let observed: ObservedTypes
    var identity: SessionIdentity
    var clock = EventClock()
    var totals = SessionCounts()
    var hasStarted = false
    var endReason: SessionEndReason?
    var hasEnded = false

    /// The state before the first event.
    public init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
        observed = ObservedTypes(configuration.observed)
        identity = SessionIdentity(configuration, number: 1)
    }

    /// The turn that the session is in, from 1; 0 before the user first spoke.
    public var turn: Int { 0 }

    /// The server's id of the session, once it is known.
    public var sessionID: String? { identity.id }

    /// The key of the session that the source is in, with `#2`, … for those that followed on it.
    public var sessionKey: String { identity.key }

    /// How many sessions the source has had.
    public var sessionCount: Int { identity.number }

    /// How many calls were taken and have no outcome yet.
    public var owedCalls: Int { 0 }
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
    ///   - derived: Gets the events that follow from it, in order.
    public mutating func apply(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int,
        at: Double?, into derived: inout DerivedEvents
    ) {
        clock.advance(to: line, at: at)
        totals.events += 1
    }

    /// Takes an event of the client in, as the lines of a recording have them. Its type is read from its slots.
    ///
    /// It only changes state: a client's line gives no derived events.
    public mutating func applyClient(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int, at: Double?
    ) {
        clock.advance(to: line, at: at)
    }

    /// Says that a handler took a ready call: its outcome is owed.
    public mutating func take(_ callID: String) {}

    /// Says that no handler took a ready call: it is not answered by us, and holds nothing up.
    public mutating func decline(_ callID: String) {}

    /// Takes the outcome of a call in, once; an outcome of a call that was never ready, or has one, is ignored.
    public mutating func complete(_ outcome: FunctionCallOutcome, into derived: inout DerivedEvents) {}

    /// Takes a handler's event for the server. A `response.create` waits until none is active.
    public mutating func send(_ event: ClientEvent) {}

    /// Takes a handler's wish that the model speaks. Wishes that wait together are served by one `response.create`.
    public mutating func requestResponse() {}

    /// The next event that may go to the server now; nil when there is none.
    public mutating func nextOutbound() -> ClientEvent? { nil }

    /// Ends the source: what is open is settled, and nothing waits for the server any longer.
    public mutating func endOfSource(_ reason: SessionEndReason, into derived: inout DerivedEvents) {
        endReason = reason
    }

    /// Ends the session with `router.session.ended`; to be called after the outcomes of ``owedCalls``.
    public mutating func finish(into derived: inout DerivedEvents) {}
}
