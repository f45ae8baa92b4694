import EventJSON

/// The slots of an envelope's fields, `{"at": seconds, "direction": "server"|"client", "event": {…}}`, and of the
/// fields of an event that the router itself reads.
struct EnvelopeFields: Sendable {
    static let paths = [["type"], ["at"], ["direction"], ["event"], ["session"], ["turn"], ["sender"]]

    /// The slot of the event's `type`.
    let type: Int
    /// The slot of a derived event's `session`, a key.
    let session: Int
    /// The slot of a derived event's `turn`.
    let turn: Int
    private let at: Int
    private let direction: Int
    private let event: Int
    private let sender: Int

    /// The sender of an event.
    enum Sender {
        case server
        /// The app, or another client of the server.
        case client
        /// The router, as a client of the server: `"direction": "client", "sender": "router"` in a recording.
        case router
    }

    struct Envelope {
        var event: Range<Int>
        /// Seconds since the recording began.
        var at: Double?
        /// Nil if the line has an invalid `direction`.
        var sender: Sender?
    }

    init(_ plan: FieldPlan) {
        type = plan.slot(["type"])!
        session = plan.slot(["session"])!
        turn = plan.slot(["turn"])!
        at = plan.slot(["at"])!
        direction = plan.slot(["direction"])!
        event = plan.slot(["event"])!
        sender = plan.slot(["sender"])!
    }

    /// Reads the scanned line as an envelope; nil if it is not an envelope.
    ///
    /// An envelope is an object without `type` that has an object `event`. Without `direction` the event is the
    /// server's.
    func read(_ slots: inout FieldSlots, _ text: RawSpan) -> Envelope? {
        guard slots.value(type) == nil, let inner = slots.value(event), inner.kind == .object else { return nil }
        return Envelope(
            event: Int(inner.range.start)..<Int(inner.range.end), at: slots.double(slot: at, in: text),
            sender: sender(&slots, text))
    }

    private func sender(_ slots: inout FieldSlots, _ text: RawSpan) -> Sender? {
        guard let written = slots.value(direction), written.kind != .null else { return .server }
        if slots.equals(slot: direction, in: text, "server") { return .server }
        guard slots.equals(slot: direction, in: text, "client") else { return nil }
        return slots.equals(slot: sender, in: text, "router") ? .router : .client
    }
}
