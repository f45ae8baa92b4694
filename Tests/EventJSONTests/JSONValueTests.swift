import EventJSON
import Testing

struct JSONValueTests {
    @Test func parsing_buildsATree() throws {
        let text = #" {"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",true,false,null,{},[]],"b":{"c":""}} "#
        let value = try JSONValue(parsing: text)
        #expect(
            value == [
                "b": ["c": ""],
                "a": [1, .number(JSONNumber(text: "-2.5e3")!), "x\né😀", true, false, nil, [:], []],
            ])
        #expect(value["a"]?[1]?.double == -2500)
        #expect(value["a"]?[0]?.int == 1)
        #expect(value["a"]?[3]?.bool == true)
        #expect(value["a"]?[5]?.isNull == true)
        #expect(value["a"]?.array?.count == 8)
        #expect(value["a"]?[8] == nil)
        #expect(value["a"]?["b"] == nil)
        #expect(value["b"]?["c"]?.string == "")
        #expect(value["b"]?["d"] == nil)
        #expect(value["b"]?[0] == nil)
        #expect(value["a"]?.array?.map(\.kind) == [.number, .number, .string, .true, .false, .null, .object, .array])
    }

    @Test(arguments: [
        "null", "true", "-0", "1.50", "1E400", #""a\"\\/\u0001\u001f\b""#, "[]", "{}", "[[[]],{}]",
        #"{"b":1,"a":[1.50,"\"\\\n\u0001/",null],"b":{"c":true}}"#, #"{"":{"":[""]}}"#, "\"\u{7F}é😀\"",
    ])
    func description_keepsTheSpelling(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.description == text)
        var writer = JSONWriter()
        value.write(into: &writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"),
        (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83dA"#, "\u{FFFD}A"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\ud83d\\ude00"#, #"�\ude00"#),
        (#"\udbff\udfff"#, "\u{10FFFF}"), (#"\ud800\udc00"#, "\u{10000}"), (#"\u0000"#, "\0"),
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"a\u00e9é\u20AC"#, "aéé€"), (#"\ufeff"#, "\u{FEFF}"),
    ])
    func escapes_areDecoded(escaped: String, text: String) throws {
        let string = try #require(try JSONValue(parsing: "\"\(escaped)\"").string)
        #expect(Array(string.unicodeScalars) == Array(text.unicodeScalars))
        let plan = FieldPlan([["s"]])
        var slots = FieldSlots(plan)
        let bytes = Array(#"{"s":"\#(escaped)"}"#.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        let read = slots.string(slot: 0, in: bytes.span.bytes)
        #expect(read.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }
}
