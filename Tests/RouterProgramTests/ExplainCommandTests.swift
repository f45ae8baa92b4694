import EventJSON
import Foundation
import Testing

/// `explain`: why routes fired or did not fire.
@Suite struct ExplainCommandTests {
    /// Rules with every reason that prevents a route from firing.
    private static let rules = """
        version: 1
        handlers:
          log: { type: console }
          page: { type: console }
          meter: { type: metrics }
          tools: { type: function_call, functions: { get_weather: { command: [/bin/true] } } }
        routes:
          - { name: errors, match: { type: error, error: { code: [a] } }, once_per: session, to: log }
          - { name: last word, match: { type: error, error: { type: [{exists: true}] } }, stop: true, to: page }
          - { name: too late, match: { type: error, error: { message: [{prefix: late}] } }, to: log }
          - { name: figures, match: { class: fatal }, to: meter }
          - { name: nothing new, match: { type: rate_limits.updated }, to: log }
          - { name: calls, to: tools }
          - { name: what came of calls, match: { type: router.function_call.done }, to: log }
        unmatched: { to: page }

        """

    private static let session = """
        {"type": "session.created", "session": {"id": "sess_1"}}
        {"type": "error", "error": {"type": "x", "code": "a", "message": "early"}}
        {"type": "error", "error": {"type": "x", "code": "a", "message": "late"}}
        {"type": "error", "error": {"code": "b", "message": "\\u001b[31m"}}
        {"type": "re\\u0007d", "n": 1}
        """

    private func place() throws -> Workplace {
        let place = try Workplace(routes: Self.rules)
        try place.write("night.jsonl", Self.session)
        return place
    }

    private func snapshot(
        _ name: String, _ words: [String], in place: Workplace, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try Snapshot(
            "realtime-router explain \(words.joined(separator: " "))", try await place.run(["explain"] + words),
            in: place, isOrdered: true
        )
        .check("explain/\(name)", sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ("quickstart", ["Examples/Sessions/quickstart.jsonl"]),
        ("route", ["Examples/Sessions/quickstart.jsonl", "--route", "refunds"]),
        ("broken-lines", ["Examples/Sessions/unknown-and-malformed.jsonl", "--route", "tool calls"]),
        ("answered-calls", ["Examples/Sessions/answered-tool-call.jsonl", "--route", "the call as it goes"]),
        ("nothing", ["/dev/null"]),
    ])
    func explain_packageRules(_ name: String, _ words: [String]) async throws {
        try await snapshot(name, words, in: try Workplace())
    }

    @Test(arguments: [
        ("whole-night", ["night.jsonl"]),
        ("event-that-fired", ["night.jsonl", "--event", "2"]),
        ("event-too-late", ["night.jsonl", "--event", "3"]),
        ("event-unmatched", ["night.jsonl", "--event", "1"]),
        ("json", ["night.jsonl", "--format", "json"]),
        ("event-json", ["night.jsonl", "--format", "json", "--event", "3"]),
    ])
    func explain_namesFailedConditions(_ name: String, _ words: [String]) async throws {
        try await snapshot(name, words, in: try place())
    }

    @Test func explain_readsStandardInput() async throws {
        let place = try place()
        let named = try await place.run("explain", "night.jsonl")
        #expect(try await place.run("explain", input: place.path + "/night.jsonl") == named)
        #expect(try await place.run("explain", "-", input: place.path + "/night.jsonl") == named)
    }

    /// `matched but dropped` is known only from the log of a run.
    @Test func explain_log_showsLostDeliveries() async throws {
        let place = try place()
        #expect(try await place.run("run", "night.jsonl", "--log", "run.log").code == 0)
        let log = try #require(place.text("run.log"))
        #expect(log.contains(#""handler":"page","outcome":"delivered""#))
        try place.write(
            "run.log",
            lineList(log).map { line in
                line.contains(#""position":"3""#)
                    ? line.replacing("delivered", with: "dropped")
                    : line.contains(#""handler":"log""#) ? line.replacing("delivered", with: "dead_letter") : line
            }.joined(separator: "\n"))
        try await snapshot("log", ["night.jsonl", "--log", "run.log"], in: place)
        try await snapshot(
            "log-json", ["night.jsonl", "--log", "run.log", "--event", "3", "--format", "json"], in: place)
        // A changed routes.yml, and a session that is not in the log.
        try place.write("routes.yml", Self.rules + "# changed\n")
        try await snapshot(
            "log-of-other-rules", ["night.jsonl", "--log", "run.log", "--route", "last word"], in: place)
        try place.write("day.jsonl", Self.session)
        try await snapshot("log-of-another-session", ["day.jsonl", "--log", "run.log", "--route", "errors"], in: place)
    }

    @Test func explain_missingEvent_saysWhatExists() async throws {
        let place = try Workplace()
        var snapshot = Snapshot("realtime-router explain", .init(code: 2), in: place)
        let quickstart = "Examples/Sessions/quickstart.jsonl"
        let broken = "Examples/Sessions/unknown-and-malformed.jsonl"
        for words in [
            [quickstart, "--event", "2"], [quickstart, "--event", "9999"], [quickstart, "--event", "96.3"],
            [quickstart, "--event", "3.1"], [broken, "--event", "10"], [broken, "--event", "12"],
            [broken, "--event", "13"], ["-", "--event", "1"], [quickstart, "--event", "0"],
            [quickstart, "--event", "1.x"],
            [quickstart, "--route", "refund"], [quickstart, "--route", "nothing of the kind"],
            [quickstart, "--route", "refunds", "--event", "1"], [quickstart, "--as-test"],
            [quickstart, "--log", "none.log"], ["none.jsonl"], [quickstart, "--routes", "none.yml"],
        ] {
            let ending = try await place.run(["explain"] + words)
            #expect(ending.code == 2 && ending.output == "", "\(words)")
            snapshot.add(words.joined(separator: " "), lineList(ending.error))
        }
        try snapshot.check("explain/not-there")
    }

    // MARK: - As a test

    /// The entry of any event can be pasted into the file, and its test passes.
    @Test func explain_asTest_printsPassingTest() async throws {
        let hostile = [
            #"{"type": "error", "error": {"code": "a", "message": "\u0000\u007f\u0085\u2028\ufeff\uffff \ud83d\ude00 \"\\/ # : - {}[]"}}"#,
            #"{"type": "error", "k: v": "yes", "n": 1E+400, "z": -0, "t": "~", "d": "2001-01-01", "a": [[], {}, null]}"#,
            #"{"type": "response.output_audio.delta", "delta": "\#(String(repeating: "A", count: 50_000))"}"#,
            #"{"type": "re\u0007d \u2029 \" name", "n": 2}"#,
            #"{"type": "error", "headers": {"authorization": "secret"}}"#,
            #"{"n": 5}"#,
        ]
        let place = try Workplace(routes: Self.rules)
        try place.write("hostile.jsonl", hostile.joined(separator: "\n"))
        var entries = ""
        for (session, positions) in [
            ("hostile.jsonl", ["1", "2", "3", "4", "5", "6"]),
            ("Examples/Sessions/tool-call.jsonl", ["1", "14", "26.1", "53.2"]),
            ("Examples/Sessions/beta-names.jsonl", ["5", "12"]),
        ] {
            for position in positions {
                let ending = try await place.run("explain", session, "--event", position, "--as-test")
                #expect(ending.code == 0 && ending.error == "", "\(session) \(position)")
                entries += ending.output
            }
        }
        #expect(!entries.contains("secret") && entries.utf8.count < 20_000)
        try place.write("routes.yml", Self.rules + "tests:\n" + entries)
        let ending = try await place.run("test")
        #expect(ending.code == 0)
        let count = entries.components(separatedBy: "- name: ").count - 1
        #expect(count == 12 && ending.output.hasSuffix("\n\(count) tests: \(count) passed\n"))
    }

    @Test func explain_asTest_output() async throws {
        try await snapshot("as-test", ["night.jsonl", "--event", "3", "--as-test"], in: try place())
    }

    @Test func explain_asTest_oversizedEvent_isAnError() async throws {
        let place = try place()
        let depth = 40
        try place.write(
            "deep.jsonl",
            #"{"type":"error","x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        )
        let ending = try await place.run("explain", "deep.jsonl", "--event", "1", "--as-test")
        #expect(ending.code == 2 && ending.output == "")
        #expect(ending.error.hasPrefix("error: event 1 cannot be written in a routes.yml: "))
    }

    @Test("The outcome of a call is missing where calls are not run, and an error says so")
    func outcomeOfACall_isMissing() async throws {
        let place = try Workplace()
        let session = "Examples/Sessions/quickstart.jsonl"
        #expect(try await place.run("run", session, "--log", "log.jsonl").code == 0)
        let outcome = try #require(
            place.lines("log.jsonl").compactMap { try? JSONValue(parsing: $0) }.first {
                $0["type"]?.string == "router.function_call.done"
            }?["position"]?.string)
        let logged = try await place.run("explain", session, "--log", "log.jsonl", "--event", outcome)
        #expect(logged.code == 2 && logged.output == "")
        let line = try #require(outcome.split(separator: ".").first)
        #expect(logged.error.hasPrefix("error: there is no event \(outcome) in \(session): line \(line) derives "))
        #expect(
            logged.error.hasSuffix(
                """

                   help: log.jsonl has `router.function_call.done` at \(outcome), as calls were run there; explaining runs none

                """))
        #expect(
            try await place.run("explain", session, "--event", "24.2")
                == .init(
                    code: 2,
                    error: """
                        error: there is no event 24.2 in \(session): line 24 derives 24.1 (router.function_call.ready)
                           help: explaining runs no calls: 1 `router.function_call.done` is missing here

                        """))
        #expect(
            try await place.run("explain", session, "--at", "3000")
                == .init(
                    code: 2,
                    error: """
                        error: no event came at 3000.0 s; `realtime-router inspect --derived` shows when events came
                           help: explaining runs no calls: 1 `router.function_call.done` is missing here

                        """))
    }

    @Test("The event that used once_per up is named, with its distance and the value that counts")
    func usedUpOncePer_namesTheEvent() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { log: { type: console } }
                routes:
                  - { name: by code, match: { type: error }, once_per: { every: 5m, field: error.code }, to: log }
                  - { name: by tenant, match: { type: error }, once_per: { field: labels.tenant }, to: log }
                  - { name: in a session, match: { type: error }, once_per: session, to: log }

                """)
        let errors = [(1.0, "a"), (2.5, "b"), (100.0, "a"), (302.0, "a"), (303.0, "a")].map { at, code in
            #"{"at": \#(at), "direction": "server", "event": {"type": "error", "error": {"code": "\#(code)"}}}"#
        }
        try place.write("errors.jsonl", errors.joined(separator: "\n"))
        func explain(_ words: String...) async throws -> String {
            try await place.run(["explain", "errors.jsonl", "--label", "tenant=acme"] + words).output
        }
        #expect(
            try await explain("--event", "3") == """
                       3  error
                            by code: no, it matched, but `once_per` was used up for `a` by event 1, 99.0 s before
                            by tenant: no, it matched, but `once_per` was used up for `acme` by event 1, 99.0 s before
                            in a session: no, it matched, but `once_per` was used up by event 1, 99.0 s before

                """)
        #expect(
            try await explain("--event", "5", "--format", "json").contains(
                #"{"route":"by code","verdict":"already_fired","fired_for":"4","seconds_before":1.0,"value":"a"}"#))
    }
}
