import ConfigSource
import EventRouter
import RouteFile
import ScratchFolders
import Testing

/// Runs of assertions over whole sessions, and the text of their results.
@Suite struct AssertionRunTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write(Self.session, to: "call.jsonl")
    }

    /// Two turns: a call that the client answers, and an error.
    private static let session = """
        {"at": 0, "event": {"type": "session.created", "session": {"id": "sess_1", "model": "m"}}}
        {"at": 0.1, "direction": "client", "event": {"type": "session.update", "session": {"instructions": "x"}}}
        {"at": 0.2, "event": {"type": "session.updated", "session": {"id": "sess_1"}}}
        {"at": 1.1, "event": {"type": "input_audio_buffer.speech_stopped", "item_id": "item_1"}}
        {"at": 1.4, "event": {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}}
        {"at": 2, "event": {"type": "response.output_item.done", "response_id": "resp_1", "item": {"id": "item_2", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "get_order", "arguments": "{}"}}}
        {"at": 2.1, "event": {"type": "response.done", "response": {"id": "resp_1", "status": "completed"}}}
        {"at": 2.5, "direction": "client", "event": {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "call_1", "output": "7"}}}
        {"at": 2.6, "direction": "client", "event": {"type": "response.create"}}
        {"at": 3, "event": {"type": "input_audio_buffer.speech_stopped", "item_id": "item_3"}}
        {"at": 5.5, "event": {"type": "response.created", "response": {"id": "resp_2", "status": "in_progress"}}}
        {"at": 6, "event": {"type": "error", "error": {"message": "my pin is 1234"}}}

        """

    private func results(
        of tests: String, sessions: [String] = []
    ) async throws -> [String] {
        let rules = """
            version: 1
            handlers: {page: {type: console}}
            routes: [{name: all, match: {type: error}, to: page}]
            privacy: {redact: [{regexp: "[0-9]{4}"}]}
            tests:

            """
        let (configuration, diagnostics) = load(
            rules + tests, context: HandlerContext(folder: folder.path))
        #expect(diagnostics.rendered() == "")
        let loaded = try #require(configuration)
        var results: [String] = []
        for test in loaded.tests {
            await loaded.run(test, sessions: sessions.map { folder.path + "/" + $0 }) { result in
                results.append(result.rendered().replacing(folder.path + "/", with: ""))
            }
        }
        return results
    }

    @Test(arguments: [
        "{call: get_order, exactly: 1}", "{call: get_order, at_most: 1}", "{call: cancel_order, at_most: 0}",
        "{event: {type: response.created}, exactly: 2}", "{event: {type: response.created}, at_least: 1, at_most: 2}",
        "{event: {direction: client}, exactly: 3}", "{event: {type: router.function_call.done}, exactly: 1}",
        "{event: {direction: client, type: response.create}, exactly: 1}",
        // A pattern for client events matches no server events, and vice versa.
        "{never: {type: [{exactly: response.create}]}}",
        "{never: {direction: client, type: [{prefix: response.}], response: [{exists: true}]}}",
        "{before: [{type: session.updated}, {type: response.created}]}",
        "{before: [{direction: client, type: session.update}, {type: session.updated}]}",
        // If the second pattern never matches, `before` holds.
        "{before: [{type: session.updated}, {type: rate_limits.updated}]}",
        "{before: [{type: rate_limits.updated}, {type: rate_limits.updated}]}",
        // The limit is inclusive, also with floating-point errors.
        "{within: 300ms, of: {type: input_audio_buffer.speech_stopped, item_id: item_1}, comes: {type: response.created}}",
        "{within: 2500ms, of: {type: input_audio_buffer.speech_stopped}, comes: {type: response.created}}",
        "{within: 1s, of: {type: response.done}, comes: {direction: client, type: response.create}}",
        "{within: 1ms, of: {type: rate_limits.updated}, comes: {type: error}}",
        // An event does not follow itself.
        "{within: 1h, of: {type: response.created, response: {id: resp_1}}, comes: {type: response.created}}",
        "{never: {type: error, labels: {tenant: acme}}}", "{event: {type: error, labels: {tenant: other}}, exactly: 1}",
        "{event: {direction: client, type: response.create, labels: {tenant: other}}, exactly: 1}",
    ])
    func assertion_holds(_ assertion: String) async throws {
        let test = "  - {name: it, session: call.jsonl, labels: {tenant: other}, assert: [\(assertion)]}\n"
        #expect(try await results(of: test) == ["ok      it: call.jsonl"])
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let assertion: String
        let said: String
        var testDescription: String { assertion }
    }

    @Test(arguments: failures)
    func assertion_failureShowsTheEvents(_ failure: Failure) async throws {
        let test = "  - {name: it, session: call.jsonl, assert: [\(failure.assertion)]}\n"
        let heading = "FAILED  it: call.jsonl\n        routes.yml:6:5\n"
        #expect(try await results(of: test) == [heading + failure.said])
    }

    static let failures: [Failure] = [
        Failure(
            assertion: "{call: get_order, at_most: 0}",
            said: """
                        line 6: 1 call of the function `get_order`, expected none
                          + 6.1  2.000  router.function_call.ready  call_1  {}
                """),
        Failure(
            assertion: "{call: cancel_order, at_least: 1}",
            said: "        line 6: no calls of the function `cancel_order`, expected at least 1"),
        Failure(
            assertion: "{event: {type: response.created}, exactly: 3}",
            said: """
                        line 6: 2 events, expected exactly 3
                             5  1.400  response.created  resp_1  in_progress
                            11  5.500  response.created  resp_2  in_progress
                """),
        Failure(
            assertion: "{event: {direction: client}, at_most: 1}",
            said: """
                        line 6: 3 events, expected at most 1
                          + 2  0.100  session.update
                          + 8  2.500  conversation.item.create  call_1  function_call_output
                          + 9  2.600  response.create
                """),
        Failure(
            assertion: "{event: {type: response.created}, at_least: 3, at_most: 4}",
            said: """
                        line 6: 2 events, expected 3 to 4
                             5  1.400  response.created  resp_1  in_progress
                            11  5.500  response.created  resp_2  in_progress
                """),
        // Results of tests are redacted too.
        Failure(
            assertion: "{never: {type: error}}",
            said: """
                        line 6: 1 event, expected none
                          + 12  6.000  error  my pin is ***
                """),
        Failure(
            assertion: "{before: [{type: response.done}, {type: response.created}]}",
            said: """
                        line 6: 1 event matches the second pattern (+), and no event before matches the first
                          + 5  1.400  response.created  resp_1  in_progress
                            7  2.100  response.done     resp_1  completed
                """),
        Failure(
            assertion: "{before: [{type: rate_limits.updated}, {type: response.created}]}",
            said: """
                        line 6: 2 events match the second pattern (+), and no event before matches the first
                          +  5  1.400  response.created  resp_1  in_progress
                          + 11  5.500  response.created  resp_2  in_progress
                        help: no event of the session matches the first pattern
                """),
        // An event does not precede itself.
        Failure(
            assertion: "{before: [{type: error}, {type: error}]}",
            said: """
                        line 6: 1 event matches the second pattern (+), and no event before matches the first
                          + 12  6.000  error  my pin is ***
                """),
        Failure(
            assertion:
                "{within: 2s, of: {type: input_audio_buffer.speech_stopped}, comes: {type: response.created}}",
            said: """
                        line 6: 1 of 2 events is not followed within 2s (- the event, + the first that follows)
                          - 10  3.000  input_audio_buffer.speech_stopped  item_3
                          + 11  5.500  response.created                   resp_2  in_progress
                """),
        Failure(
            assertion: "{within: 1m, of: {type: response.created}, comes: {type: response.done}}",
            said: """
                        line 6: 1 of 2 events is not followed within 1m (- the event, + the first that follows)
                          - 11  5.500  response.created  resp_2  in_progress
                        help: after the last of them no event matches `comes`
                """),
    ]

    @Test func assertions_expectationAndAssertionsFailTogether() async throws {
        try folder.write("", to: "none.jsonl")
        let said = try await results(
            of: """
                  - name: it
                    session: call.jsonl
                    expect: none.jsonl
                    assert: [{never: {type: error}}, {call: get_order, exactly: 1}, {call: get_order, exactly: 2}]

                """)
        #expect(
            said == [
                """
                FAILED  it
                        routes.yml:6:5
                        none.jsonl (- expected, + routed)
                          + 12  error  all (page)
                        help: if this is intended, `realtime-router test --update` updates the file
                        line 9: 1 event, expected none
                          + 12  6.000  error  my pin is ***
                        line 9: 1 call of the function `get_order`, expected exactly 2
                            6.1  2.000  router.function_call.ready  call_1  {}
                """
            ])
    }

    @Test func within_eventWithoutTimeIsAnError() async throws {
        try folder.write(
            """
            {"type": "response.created", "response": {"id": "resp_1"}}
            {"type": "response.done", "response": {"id": "resp_1"}}

            """, to: "timeless.jsonl")
        let within = "{within: 2s, of: {type: response.created}, comes: {type: response.done}}"
        let said = try await results(
            of: """
                  - {name: it, session: timeless.jsonl, assert: [\(within)]}
                  - {name: both, session: timeless.jsonl, assert: [\(within), {never: {type: response.done}}]}
                  - {name: none, session: timeless.jsonl, assert: [{within: 2s, of: {type: error}, comes: {type: error}}]}

                """)
        let reason =
            "line %: `within` needs the time of the event 2, and it has none: give a recording with times, whose lines "
            + "are `{\"at\": SECONDS, \"event\": {…}}`"
        #expect(
            said == [
                """
                error   it: timeless.jsonl
                        routes.yml:6:5: \(reason.replacing("%", with: "6"))
                """,
                """
                FAILED  both: timeless.jsonl
                        routes.yml:7:5
                        line 7: 1 event, expected none
                          + 2  response.done  resp_1
                        \(reason.replacing("%", with: "7"))
                """,
                "ok      none: timeless.jsonl",
            ])
    }

    @Test func sessions_eachSessionOfAFileIsAssertedOnItsOwn() async throws {
        let lines = ["a", "b", "a"].enumerated().map { index, key in
            #"{"at": \#(index), "session": "\#(key)", "event": {"type": "error", "error": {"code": "e"}}}"#
        }
        try folder.write(lines.joined(separator: "\n"), to: "pipe.jsonl")
        let said = try await results(
            of: """
                  - {name: it, session: pipe.jsonl, assert: [{event: {type: error}, at_most: 1}]}
                  - {name: all, session: pipe.jsonl, assert: [{event: {type: error}, at_least: 1}]}

                """)
        #expect(
            said == [
                """
                FAILED  it: pipe.jsonl
                        routes.yml:6:5
                        session a, line 6: 2 events, expected at most 1
                          + 1  0.000  error
                          + 3  2.000  error
                """, "ok      all: pipe.jsonl",
            ])
    }

    @Test func sessions_filesOfPatternsAndFolders() async throws {
        for name in ["b.jsonl", "a.jsonl", "c.txt"] { try folder.write("{\"type\": \"error\"}\n", to: name) }
        try folder.write("", to: "empty.log")
        let tests = """
              - {name: own, session: ["[ab].jsonl", a.jsonl], assert: [{never: {type: response.done}}]}
              - {name: given, assert: [{never: {type: error}}]}
              - {name: nothing, session: none/*.jsonl, assert: [{never: {type: error}}]}
              - {name: empty, session: empty.log, assert: [{never: {type: error}}]}
              - {name: absent, session: absent.jsonl, assert: [{never: {type: error}}]}

            """
        let said = try await results(of: tests, sessions: ["c.txt"])
        #expect(
            said == [
                "ok      own: a.jsonl", "ok      own: b.jsonl",
                """
                FAILED  given: c.txt
                        routes.yml:7:5
                        line 7: 1 event, expected none
                          + 1  error
                """,
                """
                error   nothing
                        routes.yml:8:5: cannot read none/*.jsonl: no file matches this pattern
                """,
                """
                error   empty: empty.log
                        routes.yml:9:5: empty.log is not a session: none of its lines is an event of the server
                """,
                """
                error   absent
                        routes.yml:10:5: cannot read absent.jsonl: No such file or directory
                """,
            ])
        #expect(try await results(of: tests)[2] == "skipped given: give the sessions, `--session 'calls/*.jsonl'`")
    }

    @Test func assertions_manyEventsAreCut() async throws {
        let lines = (1...25).map { #"{"at": \#($0), "event": {"type": "error"}}"# + "\n" }
        try folder.write(lines.joined(), to: "errors.jsonl")
        let said = try await results(
            of: "  - {name: it, session: errors.jsonl, assert: [{never: {type: error}}]}\n")
        let shown = said[0].split(separator: "\n")
        #expect(shown.count == 24)
        #expect(shown[2] == "        line 6: 25 events, expected none")
        #expect(shown[22] == "          + 20  20.000  error")
        #expect(shown[23] == "            … and 5 more")
    }
}
