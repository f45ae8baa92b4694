package import RealtimeEvents

/// An event that the session derived, as JSON text ready for the same plan, rules and delivery as the server's.
package struct DerivedEvent: Sendable {
    /// Its type.
    package let code: EventType.Code
    /// Its place behind the wire event that made it.
    package let position: EventPosition
    /// Seconds since the recording began: the time of the wire event that made it, which for
    /// `router.function_call.done` is the one that made the call ready, or the time at which silence was told. Nil without times.
    package let at: Double?
    /// The JSON text.
    package let bytes: [UInt8]
    /// The call that a `router.function_call.ready` or `.done` is about.
    package let call: CallReference?
    /// Whether the call is answered from the recording, so that nothing may run it.
    package var isReplayed = false

    /// The `call_id` of the call.
    package var callID: String? { call?.callID }

    /// It as an event for handlers.
    package func event(dialect: Dialect = .realtime) -> RealtimeEvent {
        let type = EventType(code)
        return RealtimeEvent(
            bytes: bytes, type: type, wireType: type.name, position: position, at: at, dialect: dialect)
    }
}

/// A list of derived events that is filled by ``SessionState`` and used again from event to event.
package struct DerivedEvents: Sendable, RandomAccessCollection {
    private var events: [DerivedEvent] = []

    /// An empty list.
    package init() {}

    /// 0.
    package var startIndex: Int { 0 }

    /// How many events there are.
    package var endIndex: Int { events.count }

    /// An event, in the order in which they are to be routed.
    package subscript(index: Int) -> DerivedEvent { events[index] }

    /// Forgets the events and keeps the room.
    package mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
    }

    mutating func append(_ event: DerivedEvent) {
        events.append(event)
    }
}
