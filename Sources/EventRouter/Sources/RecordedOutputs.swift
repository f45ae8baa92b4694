import EventJSON

/// Finds the outputs of function calls that a recording's client sent.
struct RecordedOutputs: ~Copyable {
    private static let plan = FieldPlan([
        ["direction"], ["event", "type"], ["event", "item", "type"], ["event", "item", "call_id"],
        ["event", "item", "output"],
    ])
    /// Where each of the plan's paths has its slot, in the order above.
    private static let slots = (
        direction: plan.slot(["direction"])!, type: plan.slot(["event", "type"])!,
        itemType: plan.slot(["event", "item", "type"])!, callID: plan.slot(["event", "item", "call_id"])!,
        output: plan.slot(["event", "item", "output"])!
    )

    private(set) var byCallID: [String: String] = [:]
    private var fields = FieldSlots(plan)

    /// Every line of a bare recording is a wire event, so only envelopes are looked into.
    mutating func collect(_ batch: EventBatch) {
        let text = batch.bytes.span.bytes
        for line in batch.lines where line.length == line.range.count {
            let span = text.extracting(line.range)
            // An object with a `type` is no envelope, and nearly all events begin with it, or have but their id before.
            guard !Self.beginsWithType(span), (try? Self.plan.scan(span, into: &fields)) != nil,
                fields.equals(slot: Self.slots.direction, in: span, "client"),
                fields.equals(slot: Self.slots.type, in: span, "conversation.item.create"),
                fields.equals(slot: Self.slots.itemType, in: span, "function_call_output"),
                let callID = fields.string(slot: Self.slots.callID, in: span)
            else { continue }
            byCallID[callID] = fields.string(slot: Self.slots.output, in: span) ?? ""
        }
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
