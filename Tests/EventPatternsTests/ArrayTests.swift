import EventPatterns
import Testing

/// Arrays, and which of their elements are compatible.
struct ArrayTests {
    @Test(arguments: [
        // Any element.
        Row(#"{"a":["x"]}"#, #"{"a":["y","x"]}"#, true),
        Row(#"{"a":["x"]}"#, #"{"a":["y","z"]}"#, false),
        Row(#"{"a":["x"]}"#, #"{"a":[["y",["x"]]]}"#, true),
        Row(#"{"a":{"b":[2]}}"#, #"{"a":[{"b":[1,2]}]}"#, true),
        Row(#"{"a":["x"]}"#, #"{"a":[{"b":1},"x"]}"#, true),
        Row(#"{"a":{"b":[1]}}"#, #"{"a":[{"b":1},"x"]}"#, true),
        Row(#"{"a":["x","z"]}"#, #"{"a":["x","x"]}"#, true),
        // One element has to satisfy both fields.
        Row(#"{"e":{"f":["A"],"l":["J"]}}"#, #"{"e":[{"f":"A","l":"S"},{"f":"P","l":"J"}]}"#, false),
        Row(#"{"e":{"f":["A"],"l":["S"]}}"#, #"{"e":[{"f":"A","l":"S"},{"f":"P","l":"J"}]}"#, true),
        Row(#"{"e":{"f":["P"],"l":["J"]}}"#, #"{"e":[{"f":"A","l":"S"},{"f":"P","l":"J"}]}"#, true),
        Row(#"{"e":{"f":["A"],"l":["J"]}}"#, #"{"e":[{"f":"A"},{"f":"A","l":"J"}]}"#, true),
        // Different arrays are independent.
        Row(#"{"e":{"f":["A"]},"g":{"h":["J"]}}"#, #"{"e":[{"f":"B"},{"f":"A"}],"g":[{"h":"J"}]}"#, true),
        Row(#"{"a":[1],"b":[2]}"#, #"{"a":[1,3],"b":[4,2]}"#, true),
        Row(#"{"e":{"a":[1],"b":[2]}}"#, #"{"e":[{"a":[3,1],"b":[2,4]}]}"#, true),
        // Inner arrays: the outer element has to be the same, then the inner one.
        Row(#"{"e":{"k":[1],"g":{"x":[1],"y":[2]}}}"#, #"{"e":[{"k":1,"g":[{"x":1},{"y":2}]}]}"#, false),
        Row(#"{"e":{"k":[1],"g":{"x":[1],"y":[2]}}}"#, #"{"e":[{"k":1,"g":[{"x":3},{"x":1,"y":2}]}]}"#, true),
        Row(#"{"e":{"k":[1],"g":{"x":[1]}}}"#, #"{"e":[{"k":2,"g":[{"x":1}]},{"k":1,"g":[{"x":2}]}]}"#, false),
        Row(#"{"e":{"k":[1],"g":{"x":[1]}}}"#, #"{"e":[{"k":1,"g":[{"x":2}]},{"k":1,"g":[{"x":2},{"x":1}]}]}"#, true),
        // Arrays in arrays record elements too.
        Row(#"{"a":[1],"b":[2]}"#, #"{"a":[[1]],"b":[[2]]}"#, true),
        Row(#"{"e":{"a":[1],"b":[2]}}"#, #"{"e":[[{"a":1}],[{"b":2}]]}"#, false),
        Row(#"{"e":{"a":[1],"b":[2]}}"#, #"{"e":[[{"a":1},{"b":2}]]}"#, false),
        Row(#"{"e":{"a":[1],"b":[2]}}"#, #"{"e":[[{"a":1,"b":2}]]}"#, true),
        // A field outside the array is compatible with every element.
        Row(#"{"k":[1],"e":{"f":["A"],"l":["J"]}}"#, #"{"k":1,"e":[{"f":"A"},{"f":"A","l":"J"}]}"#, true),
        // Three fields, two of them in one element.
        Row(#"{"e":{"a":[1],"b":[2],"c":[3]}}"#, #"{"e":[{"a":1,"b":2},{"a":1,"c":3},{"b":2,"c":3}]}"#, false),
        Row(#"{"e":{"a":[1],"b":[2],"c":[3]}}"#, #"{"e":[{"a":1,"b":2},{"a":1,"b":2,"c":3}]}"#, true),
        // A duplicate key: two independent arrays.
        Row(#"{"e":{"a":[1],"b":[2]}}"#, #"{"e":[{"a":1}],"e":[{"b":2}]}"#, true),
    ])
    func arrays_matchWithinOneElement(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        // Absence is evaluated in the elements that the other fields select, in whatever order the names sort.
        Row(#"{"a":{"b":["1"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"c":"2"}]}"#, true),
        Row(#"{"a":{"b":["1"],"a0":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"a0":"2"}]}"#, true),
        Row(#"{"a":{"b":["1"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1","c":"2"}]}"#, false),
        Row(#"{"a":{"b":["1"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1","c":"2"},{"b":"1"}]}"#, true),
        // No element is selected: the field has to be absent everywhere.
        Row(#"{"a":{"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"c":"2"}]}"#, false),
        Row(#"{"a":{"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"b":"2"}]}"#, true),
        Row(#"{"a":{"c":[{"exists":false}],"d":[{"exists":false}]}}"#, #"{"a":[{"b":"1"}]}"#, true),
        // Absent or a value.
        Row(#"{"a":{"b":[1],"c":[{"exists":false},9]}}"#, #"{"a":[{"b":1,"c":8},{"b":1,"c":9}]}"#, true),
        Row(#"{"a":{"b":[1],"c":[{"exists":false},9]}}"#, #"{"a":[{"b":1,"c":8},{"c":9}]}"#, false),
        Row(#"{"a":{"b":[1],"c":[{"exists":false},9]}}"#, #"{"a":[{"b":1},{"c":8}]}"#, true),
        // A value outside the elements is compatible with all of them, so the field is present.
        Row(#"{"a":{"b":[1]},"c":[{"exists":false}]}"#, #"{"a":[{"b":1}],"c":2}"#, false),
        Row(#"{"a":{"b":[1],"c":[{"exists":false}]}}"#, #"{"a":[{"b":1,"c":[]}]}"#, true),
        Row(#"{"a":{"b":[1],"c":{"d":[{"exists":false}]}}}"#, #"{"a":[{"b":1,"c":[{"e":1},{"d":1}]},{"b":1}]}"#, true),
        Row(#"{"a":{"b":[1],"c":{"d":[{"exists":false}]}}}"#, #"{"a":[{"b":1,"c":[{"e":1},{"d":1}]}]}"#, false),
    ])
    func exists_isEvaluatedInSelectedElements(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    /// Each answer over thousands of elements takes about as long as reading them: a search that tried all pairs of
    /// elements would take a hundred times as long as the limit.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (#"{"e":{"a":[1],"b":[2]}}"#, false),
            (#"{"e":{"a":[1],"b":[2],"c":[3]}}"#, false),
            (#"{"e":{"a":[1],"b":[{"exists":false}]}}"#, true),
            (#"{"e":{"b":[2],"c":[{"exists":false}]}}"#, false),
            (#"{"e":{"a":[1],"last":[true]}}"#, true),
            (#"{"e":{"a":[1]},"f":{"x":[1]},"last":[1]}"#, false),
            (#"{"e":{"a":[1],"b":[2]},"f":{"x":[1],"y":[1]}}"#, false),
        ])
    func longArrays_takeLinearTime(_ pattern: String, _ verdict: Bool) throws {
        let elements = (0..<20_000).map { $0.isMultiple(of: 2) ? #"{"a":1}"# : #"{"b":2,"c":3}"# }
        let others = (0..<20_000).map { #"{"x":\#($0 % 3)}"# }
        let event =
            #"{"e":["# + elements.joined(separator: ",") + #",{"a":1,"last":true}],"f":["#
            + others.joined(separator: ",") + "]}"
        #expect(try matches(pattern, event) == verdict)
    }
}
