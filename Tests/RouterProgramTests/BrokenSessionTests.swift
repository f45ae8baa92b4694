import EventJSON
import Testing

/// Sessions with lines that are not events.
@Suite struct BrokenSessionTests {
    private static let routes = """
        version: 1
        handlers: { console: { type: console } }
        routes:
          - name: what the call was about
            match: { type: [ { prefix: session }, { prefix: response }, { prefix: conversation }, ping ] }
            to: console
        unmatched: { to: console }
        dead_letters: { path: dead-letters.jsonl }

        """

    /// Lines with what ends them; every good event has an `event_id` that begins with `good`.
    private static let session: [[UInt8]] = [
        line(#"{"type":"session.created","event_id":"good 1","session":{"id":"sess_1"}}"#),
        line("this is no JSON"),
        line(#"["session.updated"]"#),
        Array(#"{"type":"ping","event_id":"bad "#.utf8) + [0xC3, 0x28] + Array("\"}\n".utf8),
        line(""),
        line("  \t "),
        Array(#"{"type":"ping","event_id":"good 7, with CRLF"}"#.utf8) + [0x0D, 0x0A],
        line(#"{"type":"ping","pad":""# + String(repeating: "x", count: 20_000_000) + #""}"#),
        line(#"{"type":"response.done","event_id":"good 9, odd","response":[{"id":5}],"item_id":{}}"#),
        line(#"{"type":"conversation.item.added","event_id":"good 10, odd","item":"none","previous_item_id":7}"#),
        line(#"{"type":"ping","event_id":"bad 11"} trailing"#),
        line(#"{"type":"response.output_audio.delta","event_id":"good 12, odd","delta":null,"content_index":"0"}"#),
        line(#"{"type":7,"event_id":"good 13, without a type"}"#),
        line(#"{"direction":"server","event":"none","at":1}"#),
        Array(#"{"type":"session.updated","event_id":"good 15, without a line end"}"#.utf8),
    ]

    private static func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    @Test(arguments: ["broken.jsonl", "-"])
    func brokenSession_routesGoodEventsAndKeepsBadLines(_ source: String) async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("broken.jsonl", Self.session.flatMap { $0 })
        let ending = try await place.run("run", source, input: place.path + "/broken.jsonl")
        var snapshot = Snapshot("realtime-router run \(source)", ending, in: place)
        let letters = try place.lines("dead-letters.jsonl").map { try JSONValue(parsing: $0) }
        snapshot.add("dead-letters.jsonl", letters.map { Self.withShortRaw($0).description })
        try snapshot.check(source == "-" ? "run/broken-lines-on-standard-input" : "run/broken-lines")
        #expect(letters.compactMap { $0["line"]?.int } == [2, 3, 4, 8, 11])
        let good = Self.session.count {
            $0.starts(with: Array("{".utf8)) && String(decoding: $0, as: UTF8.self).contains("good")
        }
        #expect(lineList(ending.output).count { $0.contains("  good ") } == good)
    }

    /// The dead letter, with the number of its raw bytes instead of many raw bytes.
    private static func withShortRaw(_ letter: JSONValue) -> JSONValue {
        guard var object = letter.object, let raw = letter["raw"]?.string, raw.count > 100 else { return letter }
        object["raw"] = .string("\(raw.count) characters: \(raw.prefix(40))…")
        return .object(object)
    }

    @Test(arguments: ["", "\n\n", "\r\n"])
    func emptySession_isNoFailure(_ text: String) async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("empty.jsonl", text)
        let ending = try await place.run("run", "empty.jsonl")
        try Snapshot("realtime-router run empty.jsonl", ending, in: place).check("run/no-events")
    }
}
