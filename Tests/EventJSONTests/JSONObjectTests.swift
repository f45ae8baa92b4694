import EventJSON
import Testing

struct JSONObjectTests {
    @Test func members_keepOrderAndDuplicates() throws {
        let object = try #require(try JSONValue(parsing: #"{"b":1,"a":2,"b":3}"#).object)
        #expect(object.keys == ["b", "a", "b"])
        #expect(object.count == 3)
        #expect(object["b"] == 3)
        #expect(object["c"] == nil)
        #expect(object.map { "\($0.key)=\($0.value)" } == ["b=1", "a=2", "b=3"])
    }

    @Test func subscript_setsInPlace() {
        var object: JSONObject = ["a": 1, "b": 2, "a": 3]
        object["c"] = 4
        object["a"] = 5
        #expect(JSONValue.object(object).description == #"{"b":2,"a":5,"c":4}"#)
        object["b"] = nil
        object["x"] = nil
        #expect(JSONValue.object(object).description == #"{"a":5,"c":4}"#)
        object["a"] = .null
        object.append("c", true)
        #expect(JSONValue.object(object).description == #"{"a":null,"c":4,"c":true}"#)
        object["c"] = nil
        #expect(object == ["a": nil])
        #expect(!object.isEmpty)
    }

    @Test(arguments: [
        (#"{"a":1,"b":[2,{"c":3,"d":4}]}"#, #"{"b":[2,{"d":4,"c":3}],"a":1}"#, true),
        (#"{"a":1,"b":2,"a":3}"#, #"{"b":2,"a":1,"a":3}"#, true),
        (#"{"a":1,"a":3}"#, #"{"a":3,"a":1}"#, false),
        (#"{"a":1,"a":1}"#, #"{"a":1}"#, false),
        (#"{"a":1,"a":1,"b":2}"#, #"{"a":1,"b":2,"b":2}"#, false),
        (#"{"a":1}"#, #"{"a":1.0}"#, false),
        (#"{"a":1}"#, #"{"b":1}"#, false),
        (#"{"\u00e9":1}"#, #"{"e\u0301":1}"#, false),
        (#"{"\u00e9":1,"x":2}"#, #"{"x":2,"é":1}"#, true),
        (#"["\u00e9"]"#, #"["e\u0301"]"#, false),
        ("[1,2]", "[2,1]", false),
        ("[true]", "[1]", false),
        ("null", "false", false),
    ])
    func equality_ignoresOrder(left: String, right: String, isEqual: Bool) throws {
        let (left, right) = (try JSONValue(parsing: left), try JSONValue(parsing: right))
        #expect((left == right) == isEqual)
        #expect((right == left) == isEqual)
        #expect(left == left)
        if isEqual { #expect(left.hashValue == right.hashValue) }
    }

    @Test func lookup_comparesScalars() {
        var object: JSONObject = ["e\u{301}": 1]
        #expect(object["\u{e9}"] == nil)
        object["\u{e9}"] = 2
        #expect(object.count == 2)
    }

    @Test(
        "Deep values that differ at the bottom are compared in a time that grows with their depth",
        .timeLimit(.minutes(5)))
    func deepInequality_isFound() throws {
        func deep(_ bottom: String, _ more: String = "") throws -> JSONValue {
            try JSONValue(
                parsing: String(repeating: #"{"a":"#, count: 100) + bottom + String(repeating: more + "}", count: 100))
        }
        #expect(try deep("1") != deep("2"))
        #expect(try deep("1", #","b":1"#) == deep("1", #","b":1"#))
    }
}
