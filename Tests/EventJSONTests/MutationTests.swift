import EventJSON
import Testing

/// Scan, reader and parser must agree on every text: whether and where it is invalid, and on the value of every planned
/// field.
struct MutationTests {
    private static let paths = [
        ["type"], ["event_id"], ["item"], ["item", "content"], ["item", "content", "type"],
        ["item", "content", "text"],
        ["response", "output", "content", "text"], ["response", "usage", "total_tokens"], ["a"], ["a", "b"], ["b"],
        [""],
    ]

    private static let events = [
        #"{"type":"response.done","event_id":"event_1","response":{"id":"r","output":[{"content":[{"type":"text","text":"h\u00e9 \ud83d\ude00"},{"text":null}]}],"usage":{"total_tokens":12.0e0}}}"#,
        #"{"type":"x","item":{"content":[{"type":"text","text":"a"},{"type":"audio","transcript":"über"},7],"id":null},"a":[[1,[2]],{"b":3}]}"#,
        #"[{"a":{"b":[true,false]},"b":-0.5},{"a":1,"b":[[{"b":2}],"\\\"\/"]},[],{}]"#,
        #" { "" : { "" : 1 } , "a" : [ ] , "a" : "a long string that takes more than one stride of the reader, 32 bytes" } "#,
    ].map { Array($0.utf8) }

    private static let scraps =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\n", "0", "1e5", "-", ".5", "true", "null",
            " ", "\n", "\0",
            "{}", "[]", "\"a\":", "\"b\":[1],", "[{\"a\":1,\"b\":2}],", "\u{7F}", "é", "😀",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0x80], [0xED, 0xA0, 0x80]]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func scan_agreesWithTheParser(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        var event = try ScannedEvent("{}", Self.paths)
        var taken = 0
        for round in 0..<1500 {
            let text = Self.mutated(&random)
            let comment: Comment = "seed \(seed), round \(round): \(String(decoding: text, as: UTF8.self))"
            let tree = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: text) }
            let scan = Result { () throws(JSONSyntaxError) in try event.scan(text) }
            let read = Result { () throws(JSONSyntaxError) in try JSONReader.rebuilt(text) }
            #expect(read == tree.map(Optional.some), comment)
            switch (tree, scan) {
            case (.success(let value), .success):
                taken += 1
                Self.compare(value, &event, comment)
            case (.failure(let left), .failure(let right)): #expect(left == right, comment)
            default: Issue.record(comment)
            }
        }
        #expect(taken > 100, "seed \(seed)")
    }

    private static func mutated(_ random: inout SeededGenerator) -> [UInt8] {
        var text = events.randomElement(using: &random)!
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let start = Int.random(in: 0...text.count, using: &random)
            let end = min(text.count, start + Int.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.removeSubrange(start..<end)
            case 1: text.insert(contentsOf: scraps.randomElement(using: &random)!, at: start)
            case 2: text.replaceSubrange(start..<end, with: scraps.randomElement(using: &random)!)
            case 3: text.insert(contentsOf: text[start..<min(text.count, start + 40)], at: end)
            default: if start < text.count { text[start] = UInt8.random(in: 0...255, using: &random) }
            }
        }
        return text
    }

    private static func compare(_ tree: JSONValue, _ event: inout ScannedEvent, _ comment: Comment) {
        var expected: [ExpectedValue] = []
        var arrays = 0
        ExpectedValue.collect(tree, [], [:], false, &arrays, &expected)
        var found: [(index: Int32, expected: ExpectedValue)] = []
        for path in paths {
            let values = expected.filter { $0.path == path }
            let indices = event.indices(path)
            #expect(indices.count == values.count, comment)
            for (index, value) in zip(indices, values) {
                found.append((index, value))
                #expect(event.slots[index].kind == value.value.kind, comment)
                #expect(event.slots[index].isInArray == value.isInArray, comment)
                if let string = value.value.string {
                    #expect(event.text(index) == string, comment)
                } else {
                    #expect((try? JSONValue(parsing: event.raw(index))) == value.value, comment)
                }
            }
            let decoded = event.slots.index(event.plan.slot(path)!)
            #expect(decoded == (zip(indices, values).filter { !$0.1.isInArray }.last?.0 ?? -1), comment)
        }
        let scalars = found.filter { $0.expected.value.kind.isScalar }
        for left in scalars {
            for right in scalars {
                let isConsistent = left.expected.elements.allSatisfy { right.expected.elements[$0] ?? $1 == $1 }
                #expect(event.slots.areConsistent(left.index, right.index) == isConsistent, comment)
            }
        }
    }
}

extension JSONReader {
    /// Reads a text member by member, and builds the tree from the parts.
    static func rebuilt(_ text: [UInt8]) throws(JSONSyntaxError) -> JSONValue? {
        var value: JSONValue?
        _ = try read(text) {
            value = $0.rebuilt()
            return true
        }
        return value
    }

    private mutating func rebuilt() -> JSONValue? {
        var object = JSONObject()
        if forEachMember({ key, reader in reader.rebuilt().map { object.append(key, $0) } }) { return .object(object) }
        var elements: [JSONValue] = []
        if forEachElement({ reader in reader.rebuilt().map { elements.append($0) } }) { return .array(elements) }
        return json()
    }
}

/// A value and its expected properties, computed from a tree in the simplest way.
private struct ExpectedValue {
    var path: [String]
    var value: JSONValue
    /// The index in each enclosing array whose element is an object or array.
    var elements: [Int: Int]
    var isInArray: Bool

    static func collect(
        _ value: JSONValue, _ path: [String], _ elements: [Int: Int], _ isInArray: Bool, _ arrays: inout Int,
        _ found: inout [ExpectedValue]
    ) {
        found.append(ExpectedValue(path: path, value: value, elements: elements, isInArray: isInArray))
        if let object = value.object {
            for member in object {
                collect(member.value, path + [member.key], elements, isInArray, &arrays, &found)
            }
        } else if let array = value.array {
            arrays += 1
            let number = arrays
            for (position, element) in array.enumerated() {
                let inner = element.kind.isScalar ? elements : elements.merging([number: position]) { $1 }
                collect(element, path, inner, true, &arrays, &found)
            }
        }
    }
}

/// SplitMix64: the same sequence on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
