import EventJSON
import Testing

struct FieldPlanTests {
    @Test func slots_areNumberedInOrder() {
        let plan = FieldPlan([["type"], ["item", "type"], ["type"], ["item"], ["item", "content", "type"]])
        #expect(plan.slotCount == 4)
        #expect(plan.slot(["type"]) == 0)
        #expect(plan.slot(["item", "type"]) == 1)
        #expect(plan.slot(["item"]) == 2)
        #expect(plan.slot(["item", "content", "type"]) == 3)
        #expect(plan.slot(["item", "content"]) == nil)
        #expect(plan.slot(["type", "item"]) == nil)
        #expect(plan.slot(["typ"]) == nil)
        #expect(plan.slot([]) == nil)
        #expect(FieldPlan([]).slotCount == 0)
    }

    /// Keys with the same length, and the same first or last bytes.
    @Test func similarKeys_areDistinguished() throws {
        var keys = ["", "a", "A", "\0", "\0\0", "é", "e\u{301}", "a.b", "a\"b", "12345678", "123456789", "a2345678"]
        keys += (0..<30).map { String(repeating: "x", count: $0 + 1) }
        keys += (0..<10).map { "prefix_of_sixteen_\($0)_and_a_common_ending" }
        keys += (0..<10).map { "eight___\($0)" } + (0..<10).map { "\($0)___eight" }
        var object = JSONObject()
        for (number, key) in keys.enumerated() { object.append(key, .number(JSONNumber(number))) }
        let text = JSONValue.object(object).description
        var event = try ScannedEvent(text, keys.map { [$0] })
        #expect(event.plan.slotCount == keys.count)
        for (number, key) in keys.enumerated() { #expect(event.texts(key) == ["\(number)"], "\(key)") }

        for (number, key) in keys.enumerated() {
            var event = try ScannedEvent(text, [[key]])
            #expect(event.texts(key) == ["\(number)"], "\(key)")
            var short = try ScannedEvent(JSONValue.object([key: 1]).description, [[key]])
            #expect(short.texts(key) == ["1"], "\(key)")
        }
    }

    @Test func plan_ofThousandsOfKeys() throws {
        let keys = (0..<3000).map { "key_\($0 % 3)_number_\($0)_of_many" }
        var event = try ScannedEvent(
            "{\"key_2_number_2999_of_many\":true,\"key_0_number_1_of_many\":1}", keys.map { [$0] })
        #expect(event.texts("key_2_number_2999_of_many") == ["true"])
        #expect(keys.filter { !event.indices($0).isEmpty }.count == 1)
    }

    @Test func escapedKey_isFound() throws {
        var event = try ScannedEvent(
            #"{"\u0074ype":1,"a\"b":2,"\u00e9":3,"\ud83d\ude00":4,"\ud83d":5,"x\/y":6,"\u0074ypes":7}"#,
            [["type"], ["a\"b"], ["é"], ["😀"], ["\u{FFFD}"], ["x/y"]])
        #expect(event.texts("type") == ["1"])
        #expect(event.texts("a\"b") == ["2"])
        #expect(event.texts("é") == ["3"])
        #expect(event.texts("😀") == ["4"])
        #expect(event.texts("\u{FFFD}") == ["5"])
        #expect(event.texts("x/y") == ["6"])
    }

    @Test func keys_areNotNormalised() throws {
        var event = try ScannedEvent(#"{"e\u0301":1}"#, [["é"], ["e\u{301}"]])
        #expect(event.plan.slotCount == 2)
        #expect(event.indices("\u{e9}").isEmpty)
        #expect(event.texts("e\u{301}") == ["1"])
    }

    @Test func unplannedValue_isChecked() {
        for text in [#"{"x":[1,{"y":"\q"}],"type":1}"#, #"{"type":1,"x":nul}"#, #"{"type":{"x":01}}"#, #"{"type":1}}"#]
        {
            #expect(throws: JSONSyntaxError.self) { _ = try ScannedEvent(text, [["type"]]) }
        }
    }
}
