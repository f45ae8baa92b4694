import ConfigSource
import EventRouter
import RouteFile
import ScratchFolders
import Testing

/// Tests with `expect`.
@Suite struct GoldenTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write(Self.session, to: "call.jsonl")
    }

    private static let session = """
        {"type": "session.created", "session": {"id": "sess_1"}}
        {"type": "response.done", "response": {"id": "resp_1", "status": "completed"}}
        {"type": "rate_limits.updated"}
        {"type": "response.done", "response": {"id": "resp_2", "status": "failed"}}

        """

    private static let golden = """
        {"position":"1","type":"session.created","routes":[],"handlers":["rest"]}
        {"position":"2","type":"response.done","routes":["responses"],"handlers":["log"]}
        {"position":"3","type":"rate_limits.updated","routes":[],"handlers":["rest"]}
        {"position":"4","type":"response.done","routes":["failures","responses"],"handlers":["page","log"]}
        {"position":"4.2","type":"router.error.raised","routes":["errors"],"handlers":["page"]}

        """

    private func test(
        _ old: String = "", _ new: String = "", updates: Bool = false
    ) async throws -> RouteTestResult {
        let rules = """
            version: 1
            handlers: {page: {type: console}, log: {type: console}, rest: {type: console}}
            routes:
              - {name: failures, match: {type: response.done, response: {status: failed}}, to: page}
              - {name: responses, match: {type: response.done}, to: log}
              - {name: errors, match: {type: router.error.raised}, to: page}
            unmatched: {to: rest}
            tests:
              - {name: a call, session: call.jsonl, expect: call.expected.jsonl}

            """
        let (configuration, diagnostics) = load(
            rules.replacing(old, with: new), context: HandlerContext(folder: folder.path))
        // Some of these changes cause warnings.
        #expect(!diagnostics.hasErrors, "\(diagnostics.rendered())")
        let loaded = try #require(configuration)
        return await loaded.run(loaded.tests[0], updatesExpectations: updates)
    }

    private func said(_ result: RouteTestResult) -> String {
        result.rendered().replacing(folder.path, with: "FOLDER")
    }

    @Test func update_writesMissingFile_thenPasses() async throws {
        let missing = try await test()
        #expect(
            said(missing) == """
                FAILED  a call
                        routes.yml:9:5
                        there is no FOLDER/call.expected.jsonl with the expected routing
                        help: `realtime-router test --update` writes it; review it then
                """)
        #expect(
            said(try await test(updates: true))
                == "created a call: FOLDER/call.expected.jsonl, a new file: review it")
        #expect(folder.text("call.expected.jsonl") == Self.golden)
        #expect(said(try await test(updates: true)) == "ok      a call")
        #expect(said(try await test()) == "ok      a call")
    }

    @Test func difference_showsOnlyChangedEvents() async throws {
        try folder.write(Self.golden, to: "call.expected.jsonl")
        let result = try await test(
            "to: log}", "stop: true, to: log}\n  - {name: all, match: {type: response.done}, to: log}")
        #expect(said(result) == "ok      a call")
        let moved = try await test("failures, match: {type: response.done,", "failures, match: {type: error,")
        #expect(
            said(moved) == """
                FAILED  a call
                        routes.yml:9:5
                        FOLDER/call.expected.jsonl (- expected, + routed)
                          - 4  response.done  failures, responses (page, log)
                          + 4  response.done  responses (log)
                        help: if this is intended, `realtime-router test --update` updates the file
                """)
        #expect(folder.text("call.expected.jsonl") == Self.golden)
    }

    @Test func difference_long_isTruncated() async throws {
        let lines = (1...30).map {
            #"{"position":"\#($0)","type":"error","routes":["x"],"handlers":["y"]}"#
        }
        try folder.write(lines.joined(separator: "\n"), to: "call.expected.jsonl")
        let shown = said(try await test()).split(separator: "\n")
        #expect(shown.count == 25)
        #expect(
            shown[3...5] == [
                "          - 1  error  x (y)", "          + 1  session.created  unmatched (rest)",
                "          - 2  error  x (y)",
            ])
        #expect(shown[23] == "            … and 15 lines more")
    }

    @Test func goldenFile_unusable_isAnError() async throws {
        try folder.write("{\"position\":\"1\"}\n", to: "call.expected.jsonl")
        #expect(
            said(try await test()) == """
                error   a call
                        routes.yml:9:5: FOLDER/call.expected.jsonl:1 is no line of an expected dispatch, so `--update` leaves the file alone; name another, or remove this one
                """)
        let refusal = try await test(updates: true)
        #expect(said(refusal) == said(try await test()))
        #expect(folder.text("call.expected.jsonl") == "{\"position\":\"1\"}\n")
        #expect(
            said(try await test("session: call.jsonl", "session: cal.jsonl")) == """
                error   a call
                        routes.yml:9:5: cannot read FOLDER/cal.jsonl: No such file or directory
                """)
    }
}
