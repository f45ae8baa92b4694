import EventJSON
import Testing

/// The output of `check`.
@Suite struct CheckTests {
    /// Each mistake with the line and column at which it begins.
    private let tenMistakes = """
        version: 2
        handlers:
          console: { type: console }
          transcript:
            type: transcript
            outptu: transcript.jsonl
          tools:
            type: function_call
            functions:
              get_weather:
                command: [echo, --city, "{city}"]
                timeout: 5
          console: { type: console }
        routes:
          - name: everything that was said
            to: transcrpt
          - name: refunds
            match:
              type: router.utterance.heard
              text: [ { prefx: refund } ]
            once_per: caller
            to: transcript
          - name: refunds
            mach: { type: response.done }
            to: [console, tools]
        unmatched: ignored

        """
    private let places = ["1:10", "6:5", "12:18", "13:3", "16:9", "20:17", "21:15", "23:11", "24:5", "26:12"]

    @Test func check_packageFileHasNoMistakes() async throws {
        let place = try Workplace()
        let said = """
            routes.yml: 6 routes, 5 handlers
              everything that was said: takes router.utterance.done, router.utterance.revised
              figures: takes router.session.ended, router.session.expiring, router.turn.done, router.turn.stalled, \
            router.response.done, router.response.interrupted, router.function_call.done, router.error.raised, session.created, session.updated, \
            transcription_session.created, transcription_session.updated, \
            conversation.item.input_audio_transcription.completed, conversation.item.input_audio_transcription.failed, \
            rate_limits.updated, input_audio_buffer.speech_started, input_audio_buffer.speech_stopped, output_audio_buffer.started, output_audio_buffer.stopped, \
            output_audio_buffer.cleared

            """
        for words in [["check"], ["check", "routes.yml"], ["check", "--deny-warnings"]] {
            #expect(try await place.run(words) == .init(code: 0, output: said))
        }
        #expect(try await place.run("check", "--format", "json") == .init(code: 0, output: "[]\n"))
    }

    @Test func check_reportsAllMistakesInOneRun() async throws {
        let place = try Workplace(routes: tenMistakes)
        let ending = try await place.run("check")
        try Snapshot("realtime-router check", ending, in: place).check("check/ten-mistakes")
        let json = try await place.run("check", "--format", "json")
        try Snapshot("realtime-router check --format json", json, in: place).check("check/ten-mistakes-json")
        let found = try #require(try JSONValue(parsing: json.output).array)
        #expect(found.map { "\($0["line"]?.int ?? 0):\($0["column"]?.int ?? 0)" } == places)
        #expect(found.allSatisfy { $0["severity"] == "error" && $0["file"] == "routes.yml" })
    }

    @Test func run_withMistakes_reportsThemAndStartsNothing() async throws {
        let place = try Workplace(routes: tenMistakes)
        let checked = try await place.run("check")
        let ending = try await place.run("run", BuiltProgram.session("tool-call"), "--outbound", "out.jsonl")
        #expect(ending == .init(code: 2, error: checked.output))
        #expect(place.text("out.jsonl") == nil)
    }

    @Test func check_denyWarnings_failsOnWarnings() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { console: { type: console } }
                routes:
                  - name: words
                    match: { type: router.uterance.done }
                    to: console

                """)
        let warning = """
            routes.yml:5:20: warning: unknown event type `router.uterance.done`
                5 |     match: { type: router.uterance.done }
                  |                    ^
               help: did you mean `router.utterance.done`?

            """
        let summary = "routes.yml: 1 route, 1 handler\n"
        #expect(try await place.run("check") == .init(code: 0, output: warning + summary))
        #expect(try await place.run("check", "--deny-warnings") == .init(code: 1, output: warning + summary))
        let ending = try await place.run("run", BuiltProgram.session("spoken-turn"))
        #expect(ending.code == 0 && ending.error == warning)
    }

    @Test func check_redactedArgumentInCommand_isAnError() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers:
                  tools:
                    type: function_call
                    functions:
                      pay: { redact: [card], command: [/bin/true, "--card={card}"] }
                routes: [ { name: calls, to: tools } ]

                """)
        let error = """
            routes.yml:6:51: error: the argument `card` is redacted, and everybody on this machine can see the words of a command
                6 |       pay: { redact: [card], command: [/bin/true, "--card={card}"] }
                  |                                                   ^
               help: let the program read it from its standard input, and remove it here

            """
        #expect(try await place.run("check") == .init(code: 1, output: error))
    }

    @Test(arguments: [
        (["check", "nothing.yml"], "error: cannot read nothing.yml: No such file or directory\n"),
        (
            ["check", "Examples"],
            "error: cannot read Examples: it is a folder\n   help: give the file itself: `Examples/routes.yml`\n"
        ),
        (["run", "x.jsonl", "--routes", "nothing.yml"], "error: cannot read nothing.yml: No such file or directory\n"),
    ])
    func check_unreadableFile_exitsWith2(_ words: [String], _ error: String) async throws {
        #expect(try await Workplace().run(words) == .init(code: 2, error: error))
    }

    @Test func check_customHandler_isCheckedByItsProgram() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { night_shift: { type: alarm, limit: 0, greting: Hello } }
                routes: [ { name: errors, to: night_shift } ]

                """)
        let ending = try await place.run("check", program: "CustomHandler")
        try Snapshot("CustomHandler check", ending, in: place).check("check/custom-handler")
    }

    @Test("A route that drops events of every type is listed, and one that says the type is not")
    func droppingRoute_isListed() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { log: { type: console, output: log.txt } }
                routes:
                  - { name: rehearsals, match: { labels: { tenant: test } }, stop: true }
                  - { name: noise, match: { type: rate_limits.updated }, stop: true }
                  - { name: errors, match: { type: error }, to: log }

                """)
        #expect(
            try await place.run("check", "--deny-warnings")
                == .init(
                    code: 0,
                    output: """
                        routes.yml: 3 routes, 1 handler
                          rehearsals: drops events of every type, the router's own (`router.*`) too

                        """))
    }

    @Test(
        "Each command about a file with rules takes it as an argument or as --routes",
        arguments: ["check", "test", "graph", "tools"])
    func rules_asArgumentOrOption(_ command: String) async throws {
        let place = try Workplace()
        let rules = try #require(place.text("routes.yml"))
        try place.write("other.yml", rules.replacing("name: failures", with: "name: problems"))
        let asArgument = try await place.run(command, "other.yml")
        #expect(asArgument.code == 0)
        #expect(try await place.run(command, "--routes", "other.yml") == asArgument)
        let both = try await place.run(command, "other.yml", "--routes", "other.yml")
        #expect(both.code == 2)
        #expect(lineList(both.error).first == "error: give the file with the rules once, without --routes")
    }
}
