import EventJSON
import Testing

struct FieldSlotsTests {
    private static let paths = [["type"], ["item", "type"], ["item"]]

    @Test(arguments: [
        (#"{"type":"a","item":{"type":"b"}}"#, ["a"], ["b"], [#"{"type":"b"}"#]),
        (
            #"{"item":[{"type":"b"},{"type":["c",["d"]]},3],"type":1}"#, ["1"],
            ["b", #"["c",["d"]]"#, "c", #"["d"]"#, "d"],
            [#"[{"type":"b"},{"type":["c",["d"]]},3]"#, #"{"type":"b"}"#, #"{"type":["c",["d"]]}"#, "3"]
        ),
        (#"{"ty\u0070e":"\u0061\n","type":null,"item":{}}"#, ["a\n", "null"], [], ["{}"]),
        (#" [ { "type" : true , "item" : [ ] } ] "#, ["true"], [], ["[ ]"]),
        (
            #"{"type":1,"item":{"x":{"type":2},"type":{"type":3},"type":4}}"#, ["1"], [#"{"type":3}"#, "4"],
            [#"{"x":{"type":2},"type":{"type":3},"type":4}"#]
        ),
        (#"{"item":{"item":{"type":1}},"x":{"type":2},"types":3,"typ":4}"#, [], [], [#"{"item":{"type":1}}"#]),
        (#"{"type":[[],[[]],{}]}"#, ["[[],[[]],{}]", "[]", "[[]]", "[]", "{}"], [], []),
        (#"{"item":"x","item":{"type":-1.5e3},"item":[]}"#, [], ["-1.5e3"], ["x", #"{"type":-1.5e3}"#, "[]"]),
        ("12", [], [], []), (#""type""#, [], [], []), ("[]", [], [], []), ("[[{}]]", [], [], []),
    ])
    func values_areRecordedInOrder(text: String, types: [String], itemTypes: [String], items: [String]) throws {
        var event = try ScannedEvent(text, Self.paths)
        for _ in 0..<2 {
            #expect(event.texts("type") == types)
            #expect(event.texts("item", "type") == itemTypes)
            #expect(event.texts("item") == items)
            try event.scan(event.bytes)
        }
    }

    @Test(arguments: [
        (#"{"a":1}"#, "1"), (#"{"a":1,"a":2}"#, "2"), (#"{"a":[1]}"#, "[1]"), (#"{"a":1,"a":[2,3]}"#, "[2,3]"),
        (#"{"a":[2],"a":1}"#, "1"), (#"{"b":{"a":1}}"#, nil), (#"[{"a":1}]"#, nil), (#"{"a":{"b":1}}"#, #"{"b":1}"#),
        ("{}", nil), (#"{"a":null}"#, "null"), (#"{"a":"\u0062"}"#, "b"),
    ])
    func value_isTheLastOneOutsideArrays(text: String, value: String?) throws {
        var event = try ScannedEvent(text, [["a"]])
        let index = event.slots.index(0)
        #expect((event.slots.value(0) == nil) == (value == nil))
        #expect(index < 0 ? value == nil : event.text(index) == value)
    }

    @Test func value_describesItself() throws {
        let event = try ScannedEvent(#"{"a":"x\n","a":12,"a":true,"a":false,"a":null,"a":[{}]}"#, [["a"]])
        let values = event.indices("a").map { event.slots[$0] }
        #expect(values.map(\.kind) == [.string, .number, .true, .false, .null, .array, .object])
        #expect(values.map(\.hasEscapes) == [true, false, false, false, false, false, false])
        #expect(values.map(\.isInArray) == [false, false, false, false, false, false, true])
        #expect(values.map { $0.element < 0 } == [true, true, true, true, true, true, false])
        #expect(values.map(\.range.count) == [3, 2, 4, 5, 4, 4, 2])
        #expect(values[0].range == ByteRange(start: 6, end: 9))
        #expect(event.slots.rootKind == .object)
    }

    @Test(arguments: [
        ("{}", JSONKind.object), ("[]", .array), ("\"\"", .string), ("-1", .number), ("true", .true), ("false", .false),
        ("null", .null),
    ])
    func rootKind_describesTheWholeText(text: String, kind: JSONKind) throws {
        #expect(try ScannedEvent(text, [["a"]]).slots.rootKind == kind)
        #expect(kind.isScalar == !["{}", "[]"].contains(text))
    }

    @Test func typedValues_areRead() throws {
        let event = try ScannedEvent(
            #"{"s":"a\u0062","i":5.0,"d":0.25,"t":true,"f":false,"n":null,"o":{},"big":1e400}"#,
            ["s", "i", "d", "t", "f", "n", "o", "big", "none"].map { [$0] })
        let text = event.bytes
        var slots = event.slots
        #expect((0..<9).map { slots.string(slot: $0, in: text.span.bytes) } == ["ab"] + Array(repeating: nil, count: 8))
        #expect((0..<9).map { slots.int(slot: $0, in: text.span.bytes) } == [nil, 5] + Array(repeating: nil, count: 7))
        #expect(
            (0..<9).map { slots.double(slot: $0, in: text.span.bytes) }
                == [nil, 5, 0.25] + Array(repeating: nil, count: 6))
        #expect((0..<9).map { slots.bool(slot: $0) } == [nil, nil, nil, true, false, nil, nil, nil, nil])
        #expect(
            (0..<9).map { slots.isNull(slot: $0) } == [false, false, false, false, false, true, false, false, false])
        #expect(
            (0..<9).map { slots.equals(slot: $0, in: text.span.bytes, "ab") } == [true]
                + Array(repeating: false, count: 8))
        #expect(
            ["", "a", "abc", "aB", "a\\u0062"].map { slots.equals(slot: 0, in: text.span.bytes, $0) }
                == Array(repeating: false, count: 5))
        let absent = slots.withText(slot: 8, in: text.span.bytes) { _ in 1 }
        #expect(absent == nil)
    }

    @Test func replace_changesTheDecodedValue() throws {
        var event = try ScannedEvent(#"{"type":"response.\u0061udio","type":"response.audio"}"#, [["type"], ["none"]])
        event.slots.replace(0, withText: "response.output_audio")
        event.slots.replace(1, withText: "nothing to replace")
        #expect(event.texts("type") == ["response.audio", "response.output_audio"])
        #expect(
            event.indices("type").map { String(decoding: event.raw($0), as: UTF8.self) }
                == [#"response.\u0061udio"#, "response.audio"])
        let bytes = event.bytes
        let isEqual = event.slots.equals(slot: 0, in: bytes.span.bytes, "response.output_audio")
        #expect(isEqual)
        #expect(event.indices("none").isEmpty)
        event.slots.replace(0, withText: "again")
        #expect(event.texts("type") == ["response.audio", "again"])
    }

    @Test func escapes_areDecodedOncePerValue() throws {
        var event = try ScannedEvent(#"{"a":["\n\n","\t","x"]}"#, [["a"]])
        for _ in 0..<3 { #expect(event.texts("a") == [#"["\n\n","\t","x"]"#, "\n\n", "\t", "x"]) }
    }

    @Test func scan_removesThePreviousEvent() throws {
        var event = try ScannedEvent(#"{"a":["x\n",1,2],"b":1}"#, [["a"], ["b"]])
        #expect(event.texts("a").count == 4)
        try event.scan(Array(#"{"b":2}"#.utf8))
        #expect(event.indices("a").isEmpty)
        #expect(event.texts("b") == ["2"])
        try event.scan(Array("[]".utf8))
        #expect(event.indices("b").isEmpty)
        #expect(event.slots.value(1) == nil)
        try event.scan(Array(#"{"a":{"b":"\u0041"}}"#.utf8))
        #expect(event.texts("a") == [#"{"b":"\u0041"}"#])
    }

    @Test func slots_areEmptyAfterAnError() throws {
        var event = try ScannedEvent(#"{"a":1,"b":2}"#, [["a"], ["b"]])
        #expect(throws: JSONSyntaxError(.expectedCommaOrBrace, at: 13)) {
            try event.scan(Array(#"{"a":1,"b":2 x"#.utf8))
        }
        #expect(event.indices("a").isEmpty)
        #expect(event.indices("b").isEmpty)
        #expect(event.slots.rootKind == .null)
    }
}
