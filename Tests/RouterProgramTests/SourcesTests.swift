import EventJSON
import Foundation
import Testing

/// `run` of several sessions: files, folders, and the `sources` of routes.yml.
@Suite(.timeLimit(.minutes(5))) struct SourcesTests {
    private static func routes(_ sources: String = "") -> String {
        """
        version: 1
        \(sources)handlers:
          starts: { type: transcript, output: "-" }
          pings: { type: console, output: pings.txt }
          tools: { type: function_call, functions: { f: { command: [echo, done] } } }
        routes:
          - { name: pings, match: { type: rate_limits.updated }, to: pings }
          - { name: tools, match: { name: f }, to: tools }
          - { name: words, to: starts }

        """
    }

    private func place(_ sources: String = "") throws -> Workplace {
        let place = try Workplace(routes: Self.routes(sources))
        for folder in ["a", "b", "empty"] { try place.makeFolder(folder) }
        try place.write("a/call.jsonl", #"{"type": "rate_limits.updated"}"# + "\n")
        try place.write(
            "b/call.jsonl",
            #"{"type": "rate_limits.updated"}"# + "\n" + #"{"type": "rate_limits.updated"}"# + "\nno event\n")
        return place
    }

    /// The sorted rows of the table of sessions, whose order depends on which session ended first.
    private func rows(_ output: String) -> [String] {
        let lines = lineList(output)
        guard let head = lines.firstIndex(where: { $0.hasPrefix("session ") }) else { return [] }
        let rows = lines[(head + 1)...].prefix { !$0.isEmpty }
        return [lines[head]] + rows.sorted()
    }

    @Test("Folders and files with the same name: one summary, and a row for each session")
    func severalSessions_haveOneSummary() async throws {
        let place = try place()
        let ending = try await place.run("run", "a", "b/call.jsonl")
        #expect(ending.code == 0)
        #expect(
            ending.error
                == """
                warning: line 3: expected `true`, `false` or `null` at byte 0
                warning: 1 line could not be read as an event; `dead_letters: { path: … }` in routes.yml would keep them

                """)
        #expect(masked(ending.output).contains("3 events, 0 derived events, 2 sessions, 1 undecodable, 0 ms\n"))
        #expect(
            rows(ending.output) == [
                "session  events  derived events  undecodable  dropped  dead letters",
                "call          1               0            0        0             0",
                "call#2        2               0            1        0             0",
            ])
    }

    @Test("The summary as JSON has the sessions one by one")
    func jsonSummary_hasSessions() async throws {
        let ending = try await place().run("run", "a", "b", "--summary", "json")
        let summary = try JSONValue(parsing: ending.output)
        #expect(summary["sessions"] == 2 && summary["earlier_sessions"] == nil)
        let sessions = (summary["by_session"]?.array ?? []).map { masked($0.description) }
        #expect(
            sessions.sorted() == [
                #"{"session":"call","events":1,"client_events":0,"derived":0,"undecodable":0,"unmatched":0,"sent":0,"dropped":0,"dead_letters":0,"duration_seconds":0}"#,
                #"{"session":"call#2","events":2,"client_events":0,"derived":0,"undecodable":1,"unmatched":0,"sent":0,"dropped":0,"dead_letters":0,"duration_seconds":0}"#,
            ])
    }

    @Test("Of very many sessions the last ones are shown, and those that lost something before others")
    func manySessions_areCut() async throws {
        let place = try place()
        try place.makeFolder("many")
        for number in 100..<130 { try place.write("many/\(number).jsonl", #"{"type": "rate_limits.updated"}"# + "\n") }
        try place.write("many/100.jsonl", #"{"type": "rate_limits.updated"}"# + "\nno event\n")
        let ending = try await place.run("run", "many")
        let rows = rows(ending.output)
        #expect(rows.count == 22 && rows.contains { $0.hasPrefix("100 ") }, "\(ending.output)")
        #expect(rows.contains("and 10 more sessions, which lost nothing"))
    }

    @Test(
        "A path that matches nothing ends the call before anything starts",
        arguments: [
            (["a", "gone.jsonl"], "cannot read gone.jsonl: No such file or directory"),
            (["a", "b/*.json"], "cannot read b/*.json: no file matches this pattern"),
            (["empty"], "cannot read empty: no file in this folder ends in .jsonl"),
            (["a", "--live"], "--live is for one session, and a may hold several"),
        ])
    func sources_unusableArguments_exitWith2(_ words: [String], _ error: String) async throws {
        let place = try place()
        #expect(try await place.run(["run"] + words) == .init(code: 2, error: "error: \(error)\n"))
        #expect(place.text("pings.txt") == nil)
    }

    @Test(
        "What fits one session only is refused with several",
        arguments: [
            ["--session-key", "k"], ["--live"], ["--started", "2026-01-31T22:00:00Z"],
        ])
    func singleSessionOptions_areRefused(_ option: [String]) async throws {
        let ending = try await place().run(["run", "a", "b"] + option)
        let error = "error: \(option[0]) is for one SESSION, and here are 2\n"
        #expect(ending.code == 2 && ending.error.hasPrefix(error), "\(ending.error)")
    }

    @Test("Without SESSION the sources of routes.yml run, all of them, with their labels")
    func sources_run() async throws {
        let place = try place(
            """
            sources:
              night: { type: file, paths: [a, "b/*.jsonl"], labels: { tenant: acme } }
              in: { type: pipe, session_key: piped, labels: { tenant: globex } }

            """)
        try place.write("in.jsonl", #"{"type": "rate_limits.updated"}"# + "\n")
        try place.write(
            "routes.yml",
            try #require(place.text("routes.yml")).replacing(
                "match: { type: rate_limits.updated }",
                with: "match: { type: rate_limits.updated, labels: { tenant: acme } }"))
        #expect(
            try await place.run("check").output == """
                routes.yml: 3 routes, 3 handlers, 2 sources
                  words: takes router.utterance.done, router.utterance.revised

                """)
        let ending = try await place.run("run", input: place.path + "/in.jsonl")
        #expect(ending.code == 0)
        #expect(
            rows(ending.output) == [
                "session  events  derived events  undecodable  dropped  dead letters",
                "call          1               0            0        0             0",
                "call#2        2               0            1        0             0",
                "piped         1               0            0        0             0",
            ])
        #expect(ending.output.contains("\npings        3\n"), "\(ending.output)")
    }

    @Test("What belongs into a source is not an option when sources run")
    func singleSessionOptions_belongIntoSources() async throws {
        let place = try place("sources: { in: { type: pipe } }\n")
        #expect(
            try await place.run("run", "--live")
                == .init(
                    code: 2,
                    error: """
                        error: --live is for one SESSION, and without one the `sources` of routes.yml run
                           help: write `live: true` in a source of the type `pipe`

                        """))
    }

    @Test("A source that fails does not stop the others, and the exit code says it")
    func failingSource_stopsNoOther() async throws {
        let place = try place(
            """
            sources:
              gone: { type: file, paths: "night/*.jsonl" }
              here: { type: file, paths: a }

            """)
        let ending = try await place.run("run")
        #expect(ending.code == 2)
        #expect(ending.error == "error: source `gone`: cannot read night/*.jsonl: no file matches this pattern\n")
        #expect(masked(ending.output).contains("1 event, 0 derived events, 1 session, 0 ms\n"))
        #expect(place.lines("pings.txt").count == 1)
    }

    @Test("A file that cannot be read has the name of its source; a named pipe is none")
    func unreadableFile_hasItsSourcesName() async throws {
        let place = try place("sources: { night: { type: file, paths: 'a/*', concurrent_sessions: 1 } }\n")
        try FileManager.default.createSymbolicLink(atPath: place.path + "/a/gone.jsonl", withDestinationPath: "no-file")
        #expect(mkfifo(place.path + "/a/pipe.jsonl", 0o600) == 0)
        let ending = try await place.run("run")
        #expect(ending.code == 2)
        #expect(
            ending.error == """
                error: source `night`: cannot read a/gone.jsonl: No such file or directory
                error: source `night`: cannot read a/pipe.jsonl: it is a named pipe, and not a file; a source of the type `pipe` reads standard input

                """)
        #expect(place.lines("pings.txt").count == 1)
    }

    @Test("A file that is named twice, in whatever way, is run once")
    func sameFile_isRunOnce() async throws {
        let ending = try await place().run("run", "a", "./a", "b/../a/call.jsonl")
        #expect(ending.code == 0)
        #expect(masked(ending.output).contains("1 event, 0 derived events, 1 session, 0 ms\n"), "\(ending.output)")
    }

    @Test("What the environment holds for a source is in no dead letter")
    func variableOfASource_isSecret() async throws {
        let place = try place(
            """
            dead_letters: { path: dead-letters.jsonl }
            sources: { night: { type: file, paths: "${CALLS}" } }

            """)
        try place.makeFolder("acme-and-sons")
        try place.write(
            "acme-and-sons/call.jsonl", #"{"type": "rate_limits.updated"}"# + "\n[\"the calls of acme-and-sons\"]\n")
        let ending = try await place.run("run", environment: ["CALLS": "acme-and-sons"])
        #expect(ending.code == 0, "\(ending.error)")
        let letters = place.lines("dead-letters.jsonl")
        let written = Data(#"["the calls of ${CALLS}"]"#.utf8).base64EncodedString()
        #expect(letters.count == 1 && letters[0].contains(#""raw":"\#(written)""#), "\(letters)")
        #expect(!(letters.joined() + ending.output + ending.error).contains("acme"))
    }

    @Test("A label that is no text is ignored, and said once with its line")
    func labelThatIsNoText_isSaid() async throws {
        let place = try place()
        try place.write(
            "a/call.jsonl",
            [
                #"{"recording": 1, "session": "call", "labels": {"tenant": "acme"}}"#,
                #"{"session": "x", "labels": {"tenant": 5, "line": "2"}, "event": {"type": "rate_limits.updated"}}"#,
                #"{"session": "y", "labels": ["acme"], "event": {"type": "rate_limits.updated"}}"#,
            ].map { $0 + "\n" }.joined())
        let ending = try await place.run("run", "a/call.jsonl")
        #expect(ending.code == 0)
        #expect(
            ending.error == """
                warning: a label was ignored: its value is not a string (label: tenant, line: 2, session: x)
                warning: labels were ignored: their values are not strings (labels: 2)

                """)
        #expect(place.lines("pings.txt").count == 2)
    }

    @Test("On a terminal run says what to give")
    func terminal_isNoSession() async throws {
        let place = try place()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        #expect(
            try await place.run("run", input: terminal.path)
                == .init(
                    code: 2,
                    error: """
                        error: there is no session to run, and standard input is a terminal
                           help: give a SESSION (a file of JSON Lines, a folder of such files, or - for standard input), or write \
                        `sources` in routes.yml

                        """))
    }

    @Test("Two sessions in a live pipe: labels and ids from the first envelope, and the end by a line")
    func sources_twoSessionsInPipe() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { meter: { type: metrics, sessions: sessions.jsonl } }
                routes: [ { name: figures, to: meter } ]

                """)
        let pipe = try NamedPipe(in: place)
        let program = try place.start(
            "run", "-", "--live", "--session-idle", "1h", "--summary", "json", input: pipe.path)
        func line(_ session: String, _ more: String = "") throws {
            try pipe.write(#"{"session": "\#(session)", \#(more)"event": {"type": "rate_limits.updated"}}"# + "\n")
        }
        try line("call-7", #""session_id": "sess_7", "labels": {"tenant": "acme"}, "#)
        try line("call-8", #""session_id": "sess_8", "#)
        try line("call-7")
        try pipe.write(#"{"session": "call-7", "end": true}"# + "\n")
        // The first session ends while the input goes on.
        #expect(await soon { place.lines("sessions.jsonl").count == 1 })
        pipe.end()
        let ending = await program.end()
        #expect(ending.code == 0 && ending.error.isEmpty, "\(ending.error)")
        let records = try place.lines("sessions.jsonl").map { try JSONValue(parsing: $0) }
        #expect(records.map { $0["session"] } == ["call-7", "call-8"])
        #expect(records.map { $0["session_id"] } == ["sess_7", "sess_8"])
        #expect(records.map { $0["labels"] } == [["tenant": "acme"], nil])
        let sessions = try JSONValue(parsing: ending.output)["by_session"]?.array ?? []
        let figures = sessions.map { "\($0["session"]?.string ?? "") \($0["events"] ?? 0)" }
        #expect(figures.sorted() == ["call-7 2", "call-8 1"])
        #expect(
            try await place.run("run", "-", "--session-idle", "1h").error.hasPrefix(
                "error: --session-idle goes with --live\n"))
    }

    @Test("What several sessions were sent is read again as their client's")
    func outbound_isFedBack() async throws {
        let place = try place()
        for folder in ["a", "b"] {
            try place.write("\(folder)/call.jsonl", SessionScript(calling: ["f"]).lines.map { $0 + "\n" }.joined())
        }
        #expect(try await place.run("run", "a", "b", "--outbound", "sent.jsonl").code == 0)
        let sent = try place.lines("sent.jsonl").map { try JSONValue(parsing: $0) }
        #expect(
            sent.map { "\($0["session"]?.string ?? "") \($0["direction"]?.string ?? "")" }.sorted()
                == ["call client", "call client", "call#2 client", "call#2 client"])
        let ending = try await place.run("run", "sent.jsonl", "--summary", "json")
        #expect(ending.code == 0 && ending.error.isEmpty, "\(ending.error)")
        let summary = try JSONValue(parsing: ending.output)
        #expect(summary["events"] == 0 && summary["undecodable"] == 0)
        let sessions = (summary["by_session"]?.array ?? []).map {
            "\($0["session"]?.string ?? "") \($0["client_events"] ?? 0)"
        }
        #expect(sessions.sorted() == ["call 2", "call#2 2"])
    }
}
