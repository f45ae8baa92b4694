import EventJSON
import Foundation
import Testing

/// No command lets a session, a routes.yml, a file's name or an argument control the terminal.
@Suite struct HiddenCharacterTests {
    private static let hidden: [ClosedRange<UInt32>] = [
        0...8, 0xB...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069,
    ]

    /// A clear-screen sequence and one of every hidden character but NUL, which no argument can hold.
    private static let hostile = String(
        String.UnicodeScalarView(
            Array("x\u{1B}[2J".unicodeScalars) + hidden.joined().dropFirst().map { Unicode.Scalar($0)! }))

    /// The same text, escaped for a string in YAML or JSON.
    private static let escaped = String(decoding: Array(hostile.utf8).escapedForDisplay, as: UTF8.self)
        .replacing(" ", with: "\\r")

    private static func events() -> String {
        let text = JSONValue.string(hostile).description
        let arguments = JSONValue.string(#"{"city":\#(text)}"#).description
        return """
            {"type":"session.created","session":{"id":"s","model":\(text),"tools":[{"name":\(text)}]}}
            {"type":\(text),"event_id":\(text),\(text):\(text)}
            {"type":"conversation.item.added","item":{"id":"u1","type":"message","role":"user","content":[{"type":"input_text","text":\(text)}]}}
            {"type":"error","error":{"type":\(text),"code":\(text),"message":\(text)}}
            {"type":"response.created","response":{"id":"r1"}}
            {"type":"response.output_item.done","response_id":"r1","item":{"id":"a1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_audio","transcript":\(text)}]}}
            {"type":"response.output_item.done","response_id":"r1","item":{"id":"f1","type":"function_call","status":"completed","call_id":\(text),"name":"get_weather","arguments":\(arguments)}}
            {"type":"response.output_item.done","response_id":"r1","item":{"id":"f2","type":"function_call","status":"completed","call_id":"c2","name":\(text),"arguments":"{}"}}
            {"type":"response.done","response":{"id":"r1","status":"completed","output":[]}}
            {"type":"broken\(hostile)

            """
    }

    private static func routes(_ handlers: String) -> String {
        """
        version: 1
        handlers:
          "h\(escaped)": { type: console }
          tools:
            type: function_call
            journal: "-"
            functions:
              get_weather: { command: [sh, -c, "cat; cat >&2; exit 1"], description: "\(escaped)" }
        \(handlers)
        routes:
          - { name: "r\(escaped)", match: { type: [ { exists: true } ] }, to: "h\(escaped)" }
          - { name: "never \(escaped)", match: { type: error, error: { code: "no \(escaped)" } }, to: "h\(escaped)" }
          - { name: calls, to: tools }
          - { name: all, match: { type: [ router.utterance.done, router.response.done ] }, to: [ H ] }
        dead_letters: { path: "-" }
        tests:
          - { name: "t\(escaped)", event: { type: error, error: { code: "\(escaped)" } }, routes: ["never \(escaped)"] }

        """
    }

    private static let handlers: [(name: String, lines: String)] = [
        ("console", "  H: { type: console }"),
        ("jsonl", #"  H: { type: transcript, output: "-" }"#),
        ("text", #"  H: { type: transcript, output: "-", format: text }"#),
        ("markdown", #"  H: { type: transcript, output: "-", format: markdown }"#),
        ("vtt", #"  H: { type: transcript, output: "-", format: vtt }"#),
        ("srt", #"  H: { type: transcript, output: "-", format: srt }"#),
        ("live", #"  H: { type: transcript, output: "-", format: console }"#),
        ("sqlite", "  H: { type: transcript, output: t.db, format: sqlite }"),
        ("metrics", #"  H: { type: metrics, sessions: "-" }"#),
        ("command", "  H: { type: command, command: [sh, -c, \"cat >&2; exit 1\"] }"),
    ]

    /// The hostile text in the session file's name and in the session's key.
    private static let session = "s\(hostile).jsonl"

    private func place() throws -> Workplace {
        let place = try Workplace(routes: Self.routes("  H: { type: console }"))
        try place.write(Self.session, Self.events())
        try place.write("s.jsonl", Self.events())
        try place.write("r\(Self.hostile).yml", Self.routes("  H: { type: \"\(Self.escaped)\" }"))
        try place.write("broken.yml", "version: 1\n\"\(Self.escaped)\": [\n")
        for (name, lines) in Self.handlers { try place.write("\(name).yml", Self.routes(lines)) }
        return place
    }

    private static func commands() -> [[String]] {
        let label = ["--label", "\(hostile)=\(hostile)"]
        let runs = handlers.map { ["run", session, "--routes", "\($0.name).yml"] }
        let options = [["--log", "-"], ["--outbound", "-"], ["--summary", "json"], ["--dry-run"]]
        let files = ["routes.yml", "r\(hostile).yml", "broken.yml", "no\(hostile).yml"]
        let checks = files.flatMap {
            [["check", $0], ["check", $0, "--format", "json"], ["test", $0], ["tools", $0]]
        }
        return runs + options.map { ["run", session] + label + $0 } + checks + [
            ["explain", session], ["explain", session, "--format", "json"], ["explain", session, "--route", hostile],
            ["explain", session, "--event", "3", "--as-test"], ["explain", session, "--event", "99"],
            ["inspect", session], ["inspect", session, "--derived"], ["inspect", session, "--json", "--derived"],
            ["match", "{type: \(hostile)}", session], ["match", "type: \"\(escaped)\"", "no\(hostile)"],
            ["diff", "routes.yml", "jsonl.yml", session],
            ["diff", "routes.yml", "jsonl.yml", session, "--format", "json"],
            ["diff", "routes.yml", "r\(hostile).yml", session],
            ["graph", "routes.yml"], ["graph", "routes.yml", "--format", "dot"],
            ["graph", "routes.yml", "--format", "svg"],
            ["schema"], ["report", session, "s.jsonl", "-o", "-"], ["report", session, "-o", "p\(hostile).html"],
            ["forget", "--session", hostile, "--routes", "jsonl.yml"], ["init", hostile], [hostile],
            ["run", "--\(hostile)"],
            ["run", "no\(hostile)"], ["transcript", "show", "--database", "t.db"],
            ["transcript", "show", "s\(hostile)", "--database", "t.db"],
            ["transcript", "show", hostile, "--database", "t.db"],
            ["transcript", "search", "x", "--database", "t.db"],
            ["transcript", "search", "x", "--database", "t.db", "--format", "json"],
            ["transcript", "export", "--database", "t.db"], ["transcript", "export", "--database", "no\(hostile).db"],
            ["transcript", "export", hostile, "--database", "t.db"],
        ]
    }

    private static func hiddenCharacters(in text: String) -> Set<String> {
        Set(
            text.unicodeScalars.filter { scalar in hidden.contains { $0.contains(scalar.value) } }
                .map { String($0.value, radix: 16) })
    }

    @Test("No command writes a hidden character to standard output or standard error")
    func everyCommand_escapesHiddenCharacters() async throws {
        let place = try place()
        for command in Self.commands() {
            let ending = try await place.run(command)
            #expect(ending.code <= 3, "\(command): \(ending.error)")
            #expect(Self.hiddenCharacters(in: ending.output) == [], "\(command): \(ending.output)")
            #expect(Self.hiddenCharacters(in: ending.error) == [], "\(command): \(ending.error)")
            for line in lineList(ending.output) where line.hasPrefix("{\"") {
                #expect(throws: Never.self, "\(command): \(line)") { try JSONValue(parsing: line) }
            }
        }
    }

    /// Commands that print the hostile text as a JSON value.
    private static let printers: [[String]] = [
        ["run", session, "--log", "-"], ["run", session, "--outbound", "-"], ["run", session, "--summary", "json"],
        ["check", "r\(hostile).yml", "--format", "json"], ["explain", session, "--format", "json"],
        ["inspect", session, "--json"], ["diff", "routes.yml", "jsonl.yml", session, "--format", "json"],
        ["tools"], ["transcript", "search", "x", "--database", "t.db", "--format", "json"],
    ]

    @Test("JSON on standard output has the values that the session has")
    func json_keepsItsValues() async throws {
        let place = try place()
        _ = try await place.run("run", Self.session, "--routes", "sqlite.yml")
        for command in Self.printers {
            let output = try await place.run(command).output
            let values =
                try (try? JSONValue(parsing: output)).map { [$0] }
                ?? lineList(output).map { try JSONValue(parsing: $0) }
            #expect(values.contains { Self.holdsHostileText($0) }, "\(command): \(output)")
        }
    }

    private static func holdsHostileText(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.contains(hostile)
        case .array(let elements): elements.contains(where: holdsHostileText)
        case .object(let members): members.contains { $0.key.contains(hostile) || holdsHostileText($0.value) }
        default: false
        }
    }

    @Test("match passes lines unchanged, and escapes them on a terminal")
    func match_escapesOnTerminalsOnly() async throws {
        let place = try place()
        let pattern = "type: error"
        let lines = lineList(Self.events()).filter { $0.contains(#""type":"error""#) }
        #expect(try await place.run("match", pattern, "s.jsonl").output == lines[0] + "\n")
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let program = try place.start(
            ["/bin/sh", "-c", #"exec "$ROUTER" match "$0" s.jsonl >"$TTY""#, pattern],
            environment: ["ROUTER": BuiltProgram.path("realtime-router"), "TTY": terminal.path])
        #expect(await program.end().code == 0)
        let shown = await terminal.written().replacing("\r\n", with: "")
        #expect(Self.hiddenCharacters(in: shown) == [])
        #expect(try JSONValue(parsing: shown) == JSONValue(parsing: lines[0]))
    }

    @Test("A log on a terminal is escaped like standard output")
    func terminalAsFile_isEscaped() async throws {
        let place = try place()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await place.run("run", "s.jsonl", "--log", terminal.path)
        #expect(ending.code == 0, "\(ending.error)")
        let shown = await terminal.written()
        #expect(shown.contains("\\u202e") && Self.hiddenCharacters(in: shown).subtracting(["d"]) == [])
    }
}
