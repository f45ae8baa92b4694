import Foundation
import Testing

/// `test`: its output and exit codes.
@Suite struct TestCommandTests {
    private static let rules = """
        version: 1
        handlers:
          log: { type: console }
          page: { type: console }
          said: { type: transcript, output: transcript.jsonl }
        routes:
          - { name: failures, match: { type: response.done, response: { status: [failed] } }, stop: true, to: [page, log] }
          - { name: responses, match: { type: response.done }, to: log }
          - { name: words, to: said }

        """

    @Test func test_packageRulesPass() async throws {
        let place = try Workplace()
        let ending = try await place.run("test")
        #expect(ending.code == 0 && ending.error == "")
        #expect(
            ending.output == """
                ok      a weather call reaches the tools
                ok      a caller who wants money back pages a supervisor
                ok      the agent may speak of refunds without paging anybody

                3 tests: 3 passed

                """)
        // No handler was started, so no file exists.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == ["Examples", "routes.yml"])
    }

    @Test func test_failureShowsLocationAndDifference() async throws {
        let place = try Workplace(
            routes: Self.rules + """
                tests:
                  - { name: it fails, event: { type: response.done, response: { status: failed } }, routes: [responses] }
                  - name: it passes
                    event: { type: response.done }
                    handlers: [log]

                """)
        let ending = try await place.run("test")
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 1,
                    output: """
                        FAILED  it fails
                                routes.yml:11:5
                                routes (- expected, + fired)
                                  - responses
                                  + failures
                        ok      it passes

                        2 tests: 1 passed, 1 failed

                        """))
    }

    @Test func test_expect_comparesWithFile() async throws {
        let place = try Workplace(
            routes: Self.rules + """
                tests:
                  - name: a call
                    session: \(BuiltProgram.session("failed-response"))
                    expect: expected.jsonl

                """)
        let missing = try await place.run("test")
        #expect(
            missing
                == RunningProgram.Ending(
                    code: 1,
                    output: """
                        FAILED  a call
                                routes.yml:11:5
                                there is no expected.jsonl with the expected routing
                                help: `realtime-router test --update` writes it; review it then

                        1 test: 1 failed

                        """))
        let update = try await place.run("test", "--update")
        #expect(
            update
                == RunningProgram.Ending(
                    code: 0,
                    output: "created a call: expected.jsonl, a new file: review it\n\n1 test: 1 created\n"))
        #expect(
            place.text("expected.jsonl") == """
                {"position":"16.2","type":"router.utterance.done","routes":["words"],"handlers":["said"]}
                {"position":"17","type":"response.done","routes":["failures"],"handlers":["page","log"]}
                {"position":"37.2","type":"router.utterance.done","routes":["words"],"handlers":["said"]}
                {"position":"38","type":"response.done","routes":["responses"],"handlers":["log"]}
                {"position":"38.1","type":"router.utterance.revised","routes":["words"],"handlers":["said"]}
                {"position":"47.2","type":"router.utterance.done","routes":["words"],"handlers":["said"]}
                {"position":"64.2","type":"router.utterance.done","routes":["words"],"handlers":["said"]}
                {"position":"65","type":"response.done","routes":["responses"],"handlers":["log"]}

                """)
        #expect(try await place.run("test").output == "ok      a call\n\n1 test: 1 passed\n")
        try place.write("routes.yml", try #require(place.text("routes.yml")).replacing("stop: true, ", with: ""))
        let changed = try await place.run("test")
        #expect(
            changed
                == RunningProgram.Ending(
                    code: 1,
                    output: """
                        FAILED  a call
                                routes.yml:11:5
                                expected.jsonl (- expected, + routed)
                                  - 17  response.done  failures (page, log)
                                  + 17  response.done  failures, responses (page, log)
                                help: if this is intended, `realtime-router test --update` updates the file

                        1 test: 1 failed

                        """))
    }

    /// `--update` must not overwrite another file if the name in `expect` is mistyped.
    @Test func test_update_doesNotOverwriteOtherFiles() async throws {
        let place = try Workplace(
            routes: Self.rules + """
                tests:
                  - { name: rules, session: night.jsonl, expect: routes.yml }
                  - { name: session, session: night.jsonl, expect: night.jsonl }
                  - { name: folder, session: night.jsonl, expect: none/night.expected.jsonl }

                """)
        let routes = place.text("routes.yml")
        let session = "{\"type\":\"response.done\"}\n"
        try place.write("night.jsonl", session)
        let ending = try await place.run("test", "--update")
        try Snapshot("realtime-router test --update", ending, in: place).check("test/update-of-other-files")
        #expect(place.text("routes.yml") == routes && place.text("night.jsonl") == session)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
                == ["Examples", "night.jsonl", "routes.yml"])
    }

    @Test func test_unusableTest_exitsWith2() async throws {
        let place = try Workplace(
            routes: Self.rules + """
                tests:
                  - { name: a call, session: no.jsonl, expect: expected.jsonl }
                  - { name: it fails, event: { type: error }, unmatched: false }

                """)
        let ending = try await place.run("test")
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 2,
                    output: """
                        error   a call
                                routes.yml:11:5: cannot read no.jsonl: No such file or directory
                        FAILED  it fails
                                routes.yml:12:5
                                expected that a route takes it, and none does

                        2 tests: 1 failed, 1 not run

                        """))
        #expect(
            try await place.run("test", "none.yml")
                == RunningProgram.Ending(
                    code: 2, error: "error: cannot read none.yml: No such file or directory\n"))
        try place.write("routes.yml", Self.rules)
        #expect(try await place.run("test") == RunningProgram.Ending(code: 0, output: "routes.yml has no tests\n"))
    }
}
