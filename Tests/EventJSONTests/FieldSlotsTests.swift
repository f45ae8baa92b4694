import EventJSON
import Testing

struct FieldSlotsTests {
    /// Everything that was recorded for a path, as text, in order.
    private func texts(_ path: [String], of plan: FieldPlan, _ slots: inout FieldSlots, _ text: [UInt8]) -> [String] {
        var result: [String] = []
        var index = slots.firstIndex(plan.slot(path)!)
        while index >= 0 {
            result.append(
                slots.withText(index, in: text.span.bytes) { text in
                    text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                })
            index = slots.nextIndex(index)
        }
        return result
    }

    @Test(arguments: [
        (#"{"type":"a","item":{"type":"b"}}"#, ["a"], ["b"], [#"{"type":"b"}"#]),
        (
            #"{"item":[{"type":"b"},{"type":["c",["d"]]},3],"type":1}"#, ["1"],
            ["b", #"["c",["d"]]"#, "c", #"["d"]"#, "d"],
            [#"[{"type":"b"},{"type":["c",["d"]]},3]"#, #"{"type":"b"}"#, #"{"type":["c",["d"]]}"#, "3"]
        ),
        (#"{"ty\u0070e":"\u0061\n","type":null,"item":{}}"#, ["a\n", "null"], [], ["{}"]),
        (#" [ { "type" : true , "item" : [ ] } ] "#, ["true"], [], ["[ ]"]),
        ("12", [], [], []),
    ])
    func recordsEveryValue(text: String, types: [String], itemTypes: [String], items: [String]) throws {
        let plan = FieldPlan([["type"], ["item", "type"], ["item"], ["type"]])
        #expect(plan.slotCount == 3)
        var slots = FieldSlots(plan)
        let bytes = Array(text.utf8)
        for _ in 0..<2 {
            try plan.scan(bytes.span.bytes, into: &slots)
            #expect(texts(["type"], of: plan, &slots, bytes) == types)
            #expect(texts(["item", "type"], of: plan, &slots, bytes) == itemTypes)
            #expect(texts(["item"], of: plan, &slots, bytes) == items)
        }
    }
}
