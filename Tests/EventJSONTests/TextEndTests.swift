import EventJSON
import Testing

/// The last member of an event is read as a compact member up to the last byte of the text, and no byte beyond the end
/// is read.
struct TextEndTests {
    private static let values = [
        "1", "12", "1234567", "12345678", "0", "01", "-1", "1.5", "1e3", "1x", "null", "nul", "true", "tru", "truex",
        "false",
        "fals", "falsy", #""""#, #""a""#, #""abcdefgh""#, #""é""#, #""\n""#, #""\""#, #""a"#, "{}", "[]", #"{"a":1}"#,
        #"["a"]"#, "",
    ]
    private static let endings = [
        "}", "", " }", "}}", "} ", ",}", "]", ",\"", ",\"x\"", ",\"x\":", "}\0", "}1", "}\"", "}{",
    ]

    @Test(arguments: [0, 1, 3, 7, 8, 9, 16, 17])
    func textEnd_anyLastMember(keyLength: Int) throws {
        let key = String("nine_keys_of_length".prefix(keyLength))
        var event = try ScannedEvent("{}", [[key], ["type"]])
        for head in ["{", #"{"type":"x","#, #"{"type":5,"other":""# + String(repeating: "a", count: 70) + "\","] {
            for value in Self.values {
                for ending in Self.endings {
                    let text = "\(head)\"\(key)\":\(value)\(ending)"
                    // The bytes after the text would be a plausible continuation.
                    let bytes = Array((text + #"234567":1,"nine":2}"#).utf8)
                    let tree = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: Array(text.utf8)) }
                    let scan = Result { () throws(JSONSyntaxError) in
                        try event.plan.scan(bytes.span.bytes.extracting(first: text.utf8.count), into: &event.slots)
                    }
                    if scan.error != tree.error { Issue.record("\(text): \(scan), and by the parser \(tree)") }
                    guard let found = try? tree.get(), scan.error == nil else { continue }
                    for path in [key, "type"] {
                        let raw = event.slots.value(event.plan.slot([path])!).map { slot in
                            let range =
                                slot.kind == .string
                                ? slot.range.start - 1..<slot.range.end + 1 : slot.range.start..<slot.range.end
                            return try? JSONValue(parsing: Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
                        }
                        if raw != found[path].map(Optional.some) { Issue.record("\(text): \(path)") }
                    }
                }
            }
        }
    }
}

extension Result {
    /// The error, if there was one.
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
