import EventJSON
import RealtimeEvents
import RealtimeSession

/// Finds the outputs of function calls that a recording's client sent.
struct OutputReader: ~Copyable {
    private static let plan = FieldPlan([
        ["direction"], ["event"], ["event", "type"], ["event", "item", "type"], ["event", "item", "call_id"],
        ["event", "item", "output"], ["event", "session", "id"],
    ])
    /// Where each of the plan's paths has its slot.
    private static let slots = (
        direction: plan.slot(["direction"])!, event: plan.slot(["event"])!, type: plan.slot(["event", "type"])!,
        itemType: plan.slot(["event", "item", "type"])!, callID: plan.slot(["event", "item", "call_id"])!,
        output: plan.slot(["event", "item", "output"])!, sessionID: plan.slot(["event", "session", "id"])!
    )

    private var collector = OutputCollector()
    private var fields = FieldSlots(plan)

    var outputs: RecordedOutputs { collector.outputs }

    /// Reads lines. Every line of a bare recording is a wire event, so only envelopes are looked into.
    mutating func read(_ batch: EventBatch) {
        let text = batch.bytes.span.bytes
        for line in batch.lines where line.length == line.range.count {
            let span = text.extracting(line.range)
            // An object with a `type` is no envelope, and nearly all events begin with it, or have but their id before.
            guard !Self.beginsWithType(span), (try? Self.plan.scan(span, into: &fields)) != nil else { continue }
            if fields.equals(slot: Self.slots.direction, in: span, "client") {
                readClient(span)
            } else {
                readServer(span)
            }
        }
    }

    private mutating func readClient(_ line: RawSpan) {
        guard fields.equals(slot: Self.slots.type, in: line, "conversation.item.create"),
            fields.equals(slot: Self.slots.itemType, in: line, "function_call_output"),
            let callID = fields.string(slot: Self.slots.callID, in: line)
        else { return }
        collector.note(output: fields.string(slot: Self.slots.output, in: line) ?? "", of: callID)
    }

    private mutating func readServer(_ line: RawSpan) {
        if let id = fields.string(slot: Self.slots.sessionID, in: line) {
            let isCreated =
                fields.equals(slot: Self.slots.type, in: line, "session.created")
                || fields.equals(slot: Self.slots.type, in: line, "transcription_session.created")
            collector.note(session: id, isCreated: isCreated)
        }
        guard OutputCollector.callTypes.contains(where: { fields.equals(slot: Self.slots.type, in: line, $0) }),
            let event = fields.value(Self.slots.event), event.kind == .object
        else { return }
        let range = Int(event.range.start)..<Int(event.range.end)
        if let event = try? JSONValue(parsing: line.extracting(range)) { collector.note(server: event) }
    }

    private static func beginsWithType(_ text: RawSpan) -> Bool {
        if text.begins(with: "{\"type\":") { return true }
        let id: StaticString = "{\"event_id\":\""
        guard text.begins(with: id) else { return false }
        let end = text.withUnsafeBytes { bytes in
            bytes[id.utf8CodeUnitCount...].firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        }
        return end.map { text.begins(with: "\",\"type\":", at: $0) } ?? false
    }
}
