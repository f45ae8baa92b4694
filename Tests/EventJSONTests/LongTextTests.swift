import EventJSON
import Testing

/// Texts are scanned one window at a time. No result may depend on where a window ends.
struct LongTextTests {
    private static let paths = [["type"], ["last"], ["item", "text"], ["list", "text"]]

    /// Values with a window's end before them or within them.
    private static let tails = [
        #""type":"x","item":{"text":"plain","n":12},"last":true}"#,
        #""type":"\u0078\\\"","list":[{"text":"über 東京 🙂"},[1,2,{"text":null}]],"last":-1.5e3}"#,
        #""item" : { "text" : "a\nb" , "skip" : { "a\"b" : [ "\\" , { } ] } } , "type" : "y" , "last" : "z" }"#,
        #""other":{"deep":{"deeper":["é\"",{"k":"v"}],"n":null}},"item":{"text":""},"type":"","last":0}"#,
    ]

    /// The `count` bytes before the values.
    private static func heads(_ count: Int) -> [String] {
        [
            "{\"pad\":\"" + String(repeating: "a", count: count - 10) + "\",",
            "{" + String(repeating: " ", count: count - 1),
            "{\"é" + String(repeating: "\\t", count: (count - 9) / 2) + "\":0," + (count.isMultiple(of: 2) ? " " : ""),
        ]
    }

    @Test(arguments: tails)
    func window_mayEndAnywhere(tail: String) throws {
        let tree = try JSONValue(parsing: "{" + tail)
        var event = try ScannedEvent("{}", Self.paths)
        for count in 8192 - tail.utf8.count - 2...8194 {
            for head in Self.heads(count) {
                try event.scan(Array((head + tail).utf8))
                Self.expect(event, has: tree)
            }
        }
    }

    @Test(arguments: tails)
    func window_errorsAtItsEndAreFound(tail: String) throws {
        var event = try ScannedEvent("{}", Self.paths)
        for broken in [String(tail.dropLast()), tail + "}", tail.replacing(":", with: ";"), tail + "\u{1}"] {
            let expected = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: "{" + broken) }
            for count in 8192 - tail.utf8.count - 2...8194 {
                let text = Self.heads(count)[0] + broken
                let error = #expect(throws: JSONSyntaxError.self) { try event.scan(Array(text.utf8)) }
                #expect(error?.reason == expected.reason)
                #expect(error?.offset == expected.offset + count - 1)
            }
        }
    }

    @Test(arguments: [
        #"{"type":""# + String(repeating: #"\""#, count: 20000) + #"","last":1}"#,
        #"{"type":""# + String(repeating: "é", count: 20000) + #"","last":1}"#,
        "{" + String(repeating: "\n\t", count: 20000) + #""type":"x"}"#,
        #"{"item":["# + String(repeating: #""","#, count: 20000) + #"""],"last":null}"#,
    ])
    func window_ofStopsOnly(text: String) throws {
        Self.expect(try ScannedEvent(text, Self.paths), has: try JSONValue(parsing: text))
    }

    private static func expect(
        _ event: borrowing ScannedEvent, has tree: JSONValue, _ location: SourceLocation = #_sourceLocation
    ) {
        for path in paths.dropLast() {
            let value = path.reduce(Optional(tree)) { $0?[$1] }
            #expect(event.json(path) == value, "\(path) in \(event.bytes.count) bytes", sourceLocation: location)
        }
        let listed = (tree["list"]?.array ?? []).flatMap { [$0["text"]] + ($0.array ?? []).map { $0["text"] } }
        #expect(event.indices(["list", "text"]).count == listed.count { $0 != nil }, sourceLocation: location)
    }
}

extension ScannedEvent {
    /// The value of a path that a decoder would return.
    fileprivate func json(_ path: [String]) -> JSONValue? {
        let index = slots.index(plan.slot(path)!)
        guard index >= 0 else { return nil }
        let quote = slots[index].kind == .string ? [UInt8(ascii: "\"")] : []
        return try? JSONValue(parsing: quote + raw(index) + quote)
    }
}
