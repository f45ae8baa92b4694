import EventJSON
import Testing

/// Which values of an event belong together.
struct ConsistencyTests {
    @Test(arguments: [
        // The fields of one element belong together, those of two do not.
        (#"[{"a":1,"b":2},{"a":3,"b":4}]"#, ["1-2", "3-4"]),
        (#"[{"a":1},{"b":2}]"#, []),
        // Two different arrays are independent; so are two arrays of scalars.
        (#"{"a":[[1],[2]],"b":[[3],[4]]}"#, ["1-3", "1-4", "2-3", "2-4"]),
        (#"{"a":[1,2],"b":[3,4]}"#, ["1-3", "1-4", "2-3", "2-4"]),
        // A value outside arrays is consistent with every value.
        (#"{"a":1,"x":0,"b":[2,[3]]}"#, ["1-2", "1-3"]),
        (#"{"a":1,"b":2,"b":3}"#, ["1-2", "1-3"]),
        // Arrays inside elements: the inner ones are independent, the outer index still counts.
        (#"[{"a":[1,2],"b":[3]},{"a":[4],"b":5}]"#, ["1-3", "2-3", "4-5"]),
        (#"[[{"a":1,"b":2}],[{"a":3,"b":4}]]"#, ["1-2", "3-4"]),
        (#"[[{"a":1},{"b":2}],{"a":3,"b":4}]"#, ["3-4"]),
        (#"[[[{"a":1}]],[[{"b":2}]]]"#, []),
        (#"[{"a":[[1],[2]],"b":[[3]]}]"#, ["1-3", "2-3"]),
        (#"[{"a":1,"b":[{"a":7},[2,[3]]]},{"b":4}]"#, ["1-2", "1-3"]),
    ])
    func areConsistent_pairs(text: String, pairs: [String]) throws {
        var event = try ScannedEvent(text, [["a"], ["b"]])
        var found: [String] = []
        for left in event.indices("a") where event.slots[left].kind.isScalar {
            for right in event.indices("b") where event.slots[right].kind.isScalar {
                let isConsistent = event.slots.areConsistent(left, right)
                #expect(event.slots.areConsistent(right, left) == isConsistent)
                if isConsistent { found.append("\(event.text(left))-\(event.text(right))") }
            }
        }
        #expect(found == pairs)
    }

    @Test func areConsistent_scalarsOfOneArray() throws {
        let event = try ScannedEvent(#"{"a":[1,2,[3],[4,5]]}"#, [["a"]])
        let scalars = event.indices("a").filter { event.slots[$0].kind.isScalar }
        let verdicts = scalars.map { left in scalars.map { event.slots.areConsistent(left, $0) } }
        #expect(
            verdicts == [
                [true, true, true, true, true],
                [true, true, true, true, true],
                [true, true, true, false, false],
                [true, true, false, true, true],
                [true, true, false, true, true],
            ])
    }

    @Test func areConsistent_nestedElements() throws {
        let depth = 200
        let open = String(repeating: "[", count: depth)
        let close = String(repeating: "]", count: depth)
        let event = try ScannedEvent(#"[{"a":\#(open)1\#(close),"b":\#(open)2\#(close)},{"b":3}]"#, [["a"], ["b"]])
        let scalar = { (path: String) in event.indices(path).filter { event.slots[$0].kind.isScalar } }
        let left = try #require(scalar("a").first)
        #expect(scalar("b").map { event.slots.areConsistent(left, $0) } == [true, false])
    }
}
