import EventJSON
import Testing

struct JSONValueTests {
    @Test func readsATree() throws {
        let value = try JSONValue(
            parsing: #" {"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",true,false,null,{},[]],"b":{"c":""}} "#)
        #expect(
            value == [
                "b": ["c": ""],
                "a": [1, .number(JSONNumber(text: "-2.5e3")!), "x\né😀", true, false, nil, [:], []],
            ])
        #expect(value["a"]?[1]?.double == -2500)
        #expect(value["b"]?["c"]?.string == "")
        #expect(value["b"]?["d"] == nil)
        #expect(value["a"]?[8] == nil)
    }

    @Test func describesItselfAsCompactJSON() throws {
        let text = #"{"b":1,"a":[1.50,"\"\\\n\u0001/",null],"b":{"c":true}}"#
        #expect(try JSONValue(parsing: text).description == text)
    }
}
