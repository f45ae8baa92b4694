import Testing

/// A program with a custom source type and a custom command.
@Suite(.timeLimit(.minutes(2))) struct PluginTests {
    private static func routes(_ sources: String) -> String {
        """
        version: 1
        sources: { \(sources) }
        handlers: { pings: { type: console, output: pings.txt } }
        routes: [ { name: pings, match: { type: rate_limits.updated }, to: pings } ]

        """
    }

    private func run(_ words: String..., sources: String, environment: [String: String] = [:]) async throws
        -> RunningProgram.Ending
    {
        try await Workplace(routes: Self.routes(sources)).run(
            words, program: "PluginProgram", environment: environment)
    }

    @Test("A source of one's own runs from routes.yml, and its failure is an error with its name")
    func ownSource_runs() async throws {
        let place = try Workplace(
            routes: Self.routes(
                "one: { type: event_list, events: [rate_limits.updated, error], key: first, live: true }, two: { type: event_list, events: [rate_limits.updated], failure: \"${WORD}\" }"
            ))
        let ending = try await place.run(
            "run", "--summary", "json", program: "PluginProgram", environment: ["WORD": "out of paper"])
        #expect(ending.code == 2 && ending.error == "warning: source `two`: ${WORD}\nerror: source `two`: ${WORD}\n")
        #expect(ending.output.contains(#"{"events":3,"derived":0,"#), "\(ending.output)")
        #expect(place.lines("pings.txt").count == 2)
    }

    @Test("A refused configuration is an error at its key, and what its variables hold is shown nowhere")
    func refusedConfiguration_isShownAtItsPlace() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                session:
                  model: gpt-realtime
                  instructions: The word is ${PASSWORD}.
                  audio: { input: { turn_detection: { type: "${PASSWORD}" } } }
                sources: { one: { type: scripted_connection, path: events.jsonl } }
                handlers: { errors: { type: console, output: errors.txt } }
                routes: [ { name: errors, match: { type: router.error.raised }, to: errors } ]

                """)
        try place.write(
            "events.jsonl",
            """
            {"type":"session.created","event_id":"e1","session":{"id":"sess_1","type":"realtime"}}
            {"type":"error","event_id":"e2","error":{"type":"invalid_request_error","code":"invalid_value","message":"Invalid value: 'swordfish-7'.","param":"session.audio.input.turn_detection.type","event_id":"rr_session"}}

            """)
        let ending = try await place.run(
            "run", "--log", "log.jsonl", "--record", "{session}.jsonl", program: "PluginProgram",
            environment: ["PASSWORD": "swordfish-7"])
        #expect(ending.code == 0)
        #expect(
            ending.error == """
                routes.yml:5:39: error: the server refused the session's configuration: Invalid value: '${PASSWORD}'. (invalid_value)
                    5 |   audio: { input: { turn_detection: { type: "${PASSWORD}" } } }
                      |                                       ^
                   help: the server rejected the whole update: no key of `session` took effect, and no function was announced

                """)
        #expect(
            ending.output.contains(
                """
                refused by the server                       events
                the session's configuration: invalid_value       1
                """), "\(ending.output)")
        #expect(
            ending.output.contains(
                #"{"type":"session.update","event_id":"rr_session","session":{"type":"realtime","instructions":"The word is swordfish-7.","audio":"#
            ))
        #expect(
            place.lines("log.jsonl").contains(
                #"{"session":"connection","position":"2","type":"session.update","event_id":"rr_session","sent_by":"session","outcome":"refused","code":"invalid_value","message":"Invalid value: '${PASSWORD}'.","param":"session.audio.input.turn_detection.type"}"#
            ))
        let written = (place.text("connection.jsonl") ?? "") + (place.text("log.jsonl") ?? "")
        #expect(written.contains("session.update") && !written.contains("swordfish"), "\(written)")
    }

    @Test("check knows the options of a source of one's own, and whether it is live")
    func ownSource_isChecked() async throws {
        let place = try Workplace(
            routes: Self.routes("one: { type: event_list, event: [rate_limits.updated], live: true }").replacing(
                "type: console", with: "type: console, on_full: block"))
        #expect(
            try await place.run("check", program: "PluginProgram")
                == .init(
                    code: 1,
                    output: """
                        routes.yml:2:37: error: unknown key `event`
                            2 | sources: { one: { type: event_list, event: [rate_limits.updated], live: true } }
                              |                                     ^
                           help: did you mean `events`?

                        """))
        try place.write("routes.yml", try #require(place.text("routes.yml")).replacing("event:", with: "events:"))
        #expect(
            try await place.run("check", program: "PluginProgram")
                == .init(
                    code: 0,
                    output: """
                        routes.yml:3:46: warning: `on_full: block` cannot make a live session wait for long, and the source `one` is live
                            3 | handlers: { pings: { type: console, on_full: block, output: pings.txt } }
                              |                                              ^
                           help: write `on_full: drop_oldest`, which is what a live session does when the queue is full, and `queue_capacity` for more room
                        routes.yml: 1 route, 1 handler, 1 source

                        """))
    }

    @Test("A program that does not know a source type can check the file, and cannot run it")
    func unknownSource_isAWarningInCheck() async throws {
        let place = try Workplace(routes: Self.routes("one: { type: event_list, events: [rate_limits.updated] }"))
        let place2 = """
            routes.yml:2:25: %: there is no source type `event_list`$
                2 | sources: { one: { type: event_list, events: [rate_limits.updated] } }
                  |                         ^

            """
        let check = try await place.run("check")
        #expect(check.code == 0)
        #expect(
            check.output.hasPrefix(
                place2.replacing("%", with: "warning").replacing("$", with: " in this program")), "\(check.output)")
        let run = try await place.run("run")
        #expect(
            run
                == .init(
                    code: 2,
                    error: place2.replacing("%", with: "error").replacing("$", with: "")
                        + "   help: source types: `connect`, `file`, `pipe`, `proxy`\n"))
    }

    @Test("A command of one's own runs, stands in the help, and is known to the check for misspelt commands")
    func ownCommand_isACommand() async throws {
        #expect(
            try await run("sources", sources: "")
                == .init(code: 0, output: "event_list file pipe scripted_connection\n"))
        #expect(
            try await run("sources", "--code", "7", sources: "")
                == .init(code: 7, output: "event_list file pipe scripted_connection\n"))
        #expect(
            try await run("source", sources: "")
                == .init(code: 2, error: "error: there is no command `source`\n   help: did you mean `sources`?\n"))
        let help = try await run("--help", sources: "")
        #expect(help.output.contains("\n  sources                 Prints the source types that the program knows.\n"))
        let wrong = try await run("sources", "--cod", sources: "")
        #expect(wrong.code == 2 && wrong.error.hasPrefix("error: Unknown option '--cod'. Did you mean '--code'?\n"))
    }

    @Test("A command with the name of another stops the program")
    func takenName_isAPreconditionFailure() async throws {
        let ending = try await run("check", sources: "", environment: ["TAKEN": "1"])
        #expect(ending.code > 128)
        #expect(ending.error.contains("there is a command `run` already: give this one another name"))
    }

    @Test(
        "A command of a product that is not linked says which product to add", arguments: ["connect", "proxy", "mock"])
    func unlinkedCommand_namesItsProduct(_ command: String) async throws {
        #expect(
            try await Workplace().run(command, program: "PluginProgram")
                == .init(
                    code: 2,
                    error: """
                        error: there is no command `\(command)` in this program
                           help: it comes with the product ConnectionCommands: in Package.swift name the product ConnectionCommands, \
                        in the program's code give its commands to `RouterProgram.main(handlers:commands:)`

                        """))
    }

    @Test("graph draws the sources in front of the events", arguments: ["mermaid", "dot"])
    func graph_hasSources(_ format: String) async throws {
        let place = try Workplace(
            routes: Self.routes("night: { type: file, paths: calls }, pipe: { type: pipe }"))
        let drawn = lineList(try await place.run("graph", "--format", format).output)
        let expected =
            format == "mermaid"
            ? [
                #"  s1[/"night<br>file"/]"#, #"  s2[/"pipe"/]"#, #"  sessions(("sessions"))"#, "  s1 --> sessions",
                "  s2 --> sessions", "  sessions --> e1",
            ]
            : [
                #"  s1 [label="night\nfile\n", shape=parallelogram]"#, #"  s2 [label="pipe", shape=parallelogram]"#,
                #"  sessions [label="sessions", shape=ellipse]"#, "  s1 -> sessions", "  s2 -> sessions",
                "  sessions -> e1",
            ]
        #expect(drawn.filter { $0.contains("s1") || $0.contains("s2") || $0.contains("sessions") } == expected)
    }
}
