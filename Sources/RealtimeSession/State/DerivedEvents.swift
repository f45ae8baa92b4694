package import RealtimeEvents

/// A derived event as JSON text, ready to be scanned, matched and delivered like a server event.
package struct DerivedEvent: Sendable {
    /// The event's type.
    package let code: EventType.Code
    /// The event's position: after the wire event that caused it.
    package let position: EventPosition
    /// Seconds since the recording began; nil if the source has no times. Normally the time of the wire event that
    /// caused this one. For `router.function_call.done`, the time of the wire event that made the call ready. For an
    /// event that time alone causes, the time at which it is emitted.
    package let at: Double?
    /// The JSON text.
    package let bytes: [UInt8]
    /// The call of a `router.function_call.ready` or `.done`; nil for other types.
    package let call: CallReference?
    /// Whether the recording answers the call, so that no handler may run it.
    package var isReplayed = false

    /// The `call_id` of the call.
    package var callID: String? { call?.callID }

    /// Creates the event that handlers receive.
    package func event(dialect: Dialect = .realtime) -> RealtimeEvent {
        let type = EventType(code)
        return RealtimeEvent(
            bytes: bytes, type: type, wireType: type.name, position: position, at: at, dialect: dialect)
    }
}

/// A list of derived events that ``SessionState`` fills. Callers reuse one list for all events.
package struct DerivedEvents: Sendable, RandomAccessCollection {
    private var events: [DerivedEvent] = []

    /// An empty list.
    package init() {}

    /// 0.
    package var startIndex: Int { 0 }

    /// How many events there are.
    package var endIndex: Int { events.count }

    /// An event; the order is the routing order.
    package subscript(index: Int) -> DerivedEvent { events[index] }

    /// Removes all events and keeps the capacity.
    package mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
    }

    mutating func append(_ event: DerivedEvent) {
        events.append(event)
    }
}
