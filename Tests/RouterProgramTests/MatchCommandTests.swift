import EventJSON
import Foundation
import Testing

/// `match`: the lines that it prints, and when.
@Suite struct MatchCommandTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    /// The lines of a session, line ends and all but the line feed included, whose event has one of the types.
    private static func lines(of session: String, _ isWanted: @Sendable (String) -> Bool) throws -> String {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: BuiltProgram.session(session))))
        var wanted: [UInt8] = []
        for line in bytes.split(separator: 0x0A) {
            guard let value = try? JSONValue(parsing: Array(line)), value.object != nil else { continue }
            let isEnvelope = value["type"] == nil && value["direction"] != nil && value["event"] != nil
            if isEnvelope && value["direction"]?.string == "client" { continue }
            let event = isEnvelope ? value["event"] : value
            if isWanted(event?["type"]?.string ?? "") { wanted += line + [0x0A] }
        }
        return String(decoding: wanted, as: UTF8.self)
    }

    /// A pattern with options, and the types of the events that `match` must print.
    struct Search: Sendable {
        let options: [String]
        let pattern: String
        let prints: @Sendable (String) -> Bool
    }

    private static let searches = [
        Search(options: [], pattern: "{type: [response.done, session.created]}") {
            $0 == "response.done" || $0 == "session.created"
        },
        Search(options: ["-v"], pattern: #"{"type": ["response.done"]}"#) { $0 != "response.done" },
        Search(options: [], pattern: #"type: [{wildcard: "*"}]"#) { $0 != "" },
    ]

    @Test(arguments: BuiltProgram.sessions)
    func match_printsLinesUnchanged(_ session: String) async throws {
        let path = BuiltProgram.session(session)
        let warning =
            session == "unknown-and-malformed" ? "warning: 7 lines could not be read as an event\n" : ""
        for search in Self.searches {
            let expected = try Self.lines(of: session, search.prints)
            let ending = try await match([search.pattern, path] + search.options)
            #expect(
                ending == RunningProgram.Ending(code: expected.isEmpty ? 1 : 0, output: expected, error: warning))
            let count = try await match([search.pattern, "-", "-c"] + search.options, input: path)
            let number = expected.utf8.count { $0 == 0x0A }
            #expect(
                count == RunningProgram.Ending(code: number == 0 ? 1 : 0, output: "\(number)\n", error: warning))
        }
    }

    private func match(_ words: [String], input: String = "/dev/null") async throws -> RunningProgram.Ending {
        let words = [BuiltProgram.path("realtime-router"), "match"] + words
        return try await place.start(words, input: input, environment: [:]).end()
    }

    @Test func match_betaNameMeansCanonicalType() async throws {
        let session = BuiltProgram.session("beta-names")
        let beta = try await place.run("match", "{type: response.audio.delta}", session)
        let canonical = try await place.run("match", "{type: response.output_audio.delta}", session)
        #expect(beta == canonical)
        #expect(
            try beta.output
                == Self.lines(of: "beta-names") {
                    ["response.audio.delta", "response.output_audio.delta"].contains($0)
                })
        #expect(beta.code == 0 && beta.error == "")
    }

    @Test func match_derivedEvents_needOption() async throws {
        let session = BuiltProgram.session("tool-call")
        for pattern in [
            "{type: router.turn.done}", "{type: [{prefix: router.turn.}]}", "{type: [error, router.turn.done]}",
        ] {
            #expect(
                try await place.run("match", pattern, session)
                    == RunningProgram.Ending(
                        code: 2,
                        error:
                            "error: `router.turn.done` is an event that the router derives, and no line of a session: "
                            + "add --derived\n"))
        }
        let ready = try await place.run("match", "{type: router.function_call.ready}", session, "--derived")
        #expect(
            ready
                == RunningProgram.Ending(
                    code: 0,
                    output: """
                        {"type":"router.function_call.ready","event_id":"tool-call/function_call.ready/call_X1M9Pp2I61eNSvRK","session":"tool-call","session_id":"sess_943oEqQQvv5UxMI7DbQAr","turn":1,"cause":"event_943oEg9zbR3rlLyJJQdLR","call_id":"call_X1M9Pp2I61eNSvRK","name":"get_weather","arguments":{"city":"Oslo"},"response_id":"resp_943oEfsxwDsP96VXiLzAr","item_id":"item_943oEi0dyv7d57FL67FLq"}

                        """))
        let all = try await place.run("match", "{type: nothing.known}", session, "--derived", "-v", "-c")
        #expect(all.code == 0 && all.output == "75\n")
    }

    @Test func match_readsPatternFromFile() async throws {
        try place.write("pattern.yml", "type: response.done\nresponse:\n  status: [completed]\n")
        let session = BuiltProgram.session("quickstart")
        #expect(
            try await place.run("match", "@pattern.yml", session, "-c")
                == RunningProgram.Ending(code: 0, output: "4\n"))
        #expect(
            try await place.run("match", "@none.yml", session)
                == RunningProgram.Ending(code: 2, error: "error: cannot read none.yml: No such file or directory\n"))
        try place.write("pattern.yml", "type: response.done\nresponse: {prefix: x}\n")
        #expect(
            try await place.run("match", "@pattern.yml", session)
                == RunningProgram.Ending(
                    code: 2,
                    error: """
                        pattern.yml:2:12: error: `prefix` is an operator and goes in a list
                            2 | response: {prefix: x}
                              |            ^
                           help: write `[{prefix: x}]`

                        """))
    }

    @Test func match_unusableInput_exitsWith2() async throws {
        for pattern in ["", "@"] {
            #expect(
                try await place.run("match", pattern, BuiltProgram.session("quickstart"))
                    == RunningProgram.Ending(
                        code: 2,
                        error:
                            "error: there is no pattern; give one like '{type: response.done}', or @FILE for one in a file\n"
                    ))
        }
        #expect(
            try await place.run("match", "{type: error}", "none.jsonl")
                == RunningProgram.Ending(code: 2, error: "error: cannot read none.jsonl: No such file or directory\n"))
        #expect(
            try await place.run("match", "{type: response.doen}", BuiltProgram.session("quickstart"))
                == RunningProgram.Ending(
                    code: 1,
                    error: """
                        PATTERN:1:8: warning: unknown event type `response.doen`
                            1 | {type: response.doen}
                              |        ^
                           help: did you mean `response.done`?

                        """))
    }

    /// Like grep, `match` prints lines unchanged, whatever their line end, and adds a line feed after the last.
    @Test func match_everyKindOfLine() async throws {
        let long = "{\"type\":\"error\",\"p\":\"" + String(repeating: "x", count: 17 << 20) + "\"}\n"
        let lines = [
            #"{"type":"error","a":1}"# + "\r\n", #"{"type":"b"}"# + "\r\n", "\r\n", "\u{FEFF}{}\n", long,
            #"{"direction":"client","event":{"type":"error"}}"# + "\n",
            #"{"at":1,"direction":"server","event":{"type":"error"}}"# + " \t\n", #"  {"type":"error","b":2}"# + "\n",
        ]
        let broken: [UInt8] = Array(#"{"type":"error","x":""#.utf8) + [0xFF] + Array("\"}\n".utf8)
        try place.write("lines.jsonl", Array(lines.joined().utf8) + broken + Array(#"{"type":"error","last":1}"#.utf8))
        let warning = "warning: 3 lines could not be read as an event\n"
        #expect(
            try await place.run("match", "{type: error}", "lines.jsonl")
                == RunningProgram.Ending(
                    code: 0, output: lines[0] + lines[6] + lines[7] + #"{"type":"error","last":1}"# + "\n",
                    error: warning))
        #expect(
            try await place.run("match", "{type: error}", "lines.jsonl", "-v")
                == RunningProgram.Ending(code: 0, output: lines[1], error: warning))
    }

    @Test func match_printsLineImmediately() async throws {
        let pipe = place.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        // Open for reading and writing, so that opening does not wait for the other side. posix_spawn would wait for ever.
        let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        let writer = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let program = try place.start("match", "{type: error}", input: pipe)
        for number in 1...3 {
            try writer.write(contentsOf: Data("{\"type\": \"error\", \"n\": \(number)}\n{\"type\": \"other\"}\n".utf8))
            let shown = (1...number).map { "{\"type\": \"error\", \"n\": \($0)}\n" }.joined()
            #expect(await soon { program.output == shown })
        }
        try writer.close()
        #expect(await program.end().code == 0)
    }

    @Test func match_closedPipe_ends() async throws {
        let ending = try await place.shell(
            #""$ROUTER" match '{event_id: [{exists: true}]}' Examples/Sessions/quickstart.jsonl | head -n 1 | cut -c 1-70"#
        )
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 0,
                    output: #"{"at": 0.0, "direction": "server", "event": {"type": "session.created""# + "\n"))
    }

    @Test(
        "What the pattern asks for and this command does not have is named",
        arguments: [
            (
                ["{type: router.function_call.done}", "--derived"],
                "warning: `match` runs no calls: `router.function_call.done` comes only of calls that the recording's client answered\n"
            ),
            (
                ["{type: response.done, labels: {tenant: acme}}"],
                "warning: the pattern asks for the label `tenant`: give --label tenant=…\n"
            ),
            (["{type: response.done, labels: {tenant: acme}}", "--label", "tenant=other"], ""),
            (
                ["{type: response.done, labels: {tenant: 5}}", "--label", "tenant=5"],
                """
                PATTERN:1:40: warning: the label `tenant` is a string, so the number `5` never matches
                    1 | {type: response.done, labels: {tenant: 5}}
                      |                                        ^
                   help: quote it: `"5"`

                """
            ),
            (
                ["{statuss: failed}"],
                """
                PATTERN:1:2: warning: no known event type has a field `statuss`
                    1 | {statuss: failed}
                      |  ^
                   help: did you mean `status`?

                """
            ),
            (
                ["match: {type: response.done}"],
                """
                PATTERN:1:1: warning: no known event type has a field `match`
                    1 | match: {type: response.done}
                      | ^
                   help: leave out `match:`; the pattern is what is under it

                """
            ),
        ])
    func absence_isNamed(words: [String], warning: String) async throws {
        let ending = try await match(words + ["-c"], input: BuiltProgram.session("quickstart"))
        #expect(ending == RunningProgram.Ending(code: 1, output: "0\n", error: warning))
    }
}
