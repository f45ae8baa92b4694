import ConfigSource
import EventJSON
import EventRouter
import RouteFile
import ScratchFolders
import Testing

/// The comparison of two route files over recorded sessions.
@Suite struct RoutingComparisonTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write(
            """
            {"type": "session.created", "session": {"id": "sess_1"}}
            {"type": "response.done", "response": {"id": "resp_1", "status": "completed"}}
            {"type": "rate_limits.updated"}
            {"type": "response.done", "response": {"id": "resp_2", "status": "failed"}}

            """, to: "one.jsonl")
        try folder.write("{\"type\": \"session.created\"}\n", to: "two.jsonl")
    }

    private static let old = """
        version: 1
        handlers: {page: {type: console}, log: {type: console}}
        routes:
          - {name: failures, match: {type: response.done, response: {status: failed}}, to: page}
          - {name: responses, match: {type: response.done}, to: log}
          - {name: limits, match: {type: rate_limits.updated}, to: log}

        """

    private func compare(_ changes: [(String, String)]) async throws -> RoutingComparison {
        let new = changes.reduce(Self.old) { text, change in
            precondition(text.contains(change.0))
            return text.replacing(change.0, with: change.1)
        }
        let before = try #require(load(Self.old).configuration)
        let after = try #require(load(new).configuration)
        var comparison = RoutingComparison(from: before, to: after)
        for name in ["one", "two"] { try await comparison.add(session: "\(folder.path)/\(name).jsonl") }
        return comparison
    }

    private func rendered(_ comparison: RoutingComparison, shown: Int = 5) -> String {
        comparison.rendered(shown: shown).replacing(folder.path, with: "FOLDER")
    }

    @Test func comparison_sameRules_isEqual() async throws {
        let comparison = try await compare([("{type: rate_limits.updated}", "{type: [rate_limits.updated, error]}")])
        #expect(comparison.isEqual)
        #expect(rendered(comparison) == "all events are routed alike: 2 sessions, 5 events of the server read")
    }

    @Test func comparison_countsByRouteAndSession() async throws {
        let comparison = try await compare([
            ("failures, match: {type: response.done,", "failures, stop: true, match: {type: response.done,"),
            ("name: limits", "name: quotas"), ("to: page}", "to: [page, log]}"),
            ("routes:", "routes:\n  - {name: errors, match: {type: router.error.raised}, to: page}"),
        ])
        #expect(!comparison.isEqual)
        #expect(
            rendered(comparison) == """
                route      before  after  gained  lost  moved
                errors          0      1       1     0      0
                failures        1      1       0     0      1
                responses       2      1       0     1      0
                quotas          0      1       1     0      0
                limits          1      0       0     1      0

                `quotas` takes exactly what `limits` took: it was renamed

                FOLDER/one.jsonl: 3 events
                    3  rate_limits.updated  limits → quotas
                    4  response.done  failures, responses → failures
                  4.2  router.error.raised  no route → errors

                3 events would be routed differently, in 1 of 2 sessions; 5 events of the server read
                """)
        #expect(
            rendered(comparison, shown: 1).contains(
                """
                FOLDER/one.jsonl: 3 events
                  3  rate_limits.updated  limits → quotas
                  … and 2 more
                """))
        #expect(
            comparison.json(shown: 1).description.replacing(folder.path, with: "FOLDER") == #"""
                {"equal":false,"changed":3,"routes":[\#
                {"name":"errors","before":0,"after":1,"gained":1,"lost":0,"moved":0},\#
                {"name":"failures","before":1,"after":1,"gained":0,"lost":0,"moved":1},\#
                {"name":"responses","before":2,"after":1,"gained":0,"lost":1,"moved":0},\#
                {"name":"quotas","before":0,"after":1,"gained":1,"lost":0,"moved":0},\#
                {"name":"limits","before":1,"after":0,"gained":0,"lost":1,"moved":0}],\#
                "renamed":[{"old":"limits","new":"quotas"}],\#
                "sessions":[{"session":"FOLDER/one.jsonl","events":4,"changed":3,"changes":[\#
                {"position":"3","type":"rate_limits.updated",\#
                "old":{"routes":["limits"],"handlers":["log"]},"new":{"routes":["quotas"],"handlers":["log"]}}]},\#
                {"session":"FOLDER/two.jsonl","events":1,"changed":0,"changes":[]}]}
                """#)
    }

    @Test func comparison_otherHandlers_countAsMoved() async throws {
        let comparison = try await compare([
            ("{type: rate_limits.updated}, to: log", "{type: rate_limits.updated}, to: page")
        ])
        #expect(
            rendered(comparison) == """
                route   before  after  gained  lost  moved
                limits       1      1       0     0      1

                FOLDER/one.jsonl: 1 event
                  3  rate_limits.updated  limits (log) → limits (page)

                1 event would be routed differently, in 1 of 2 sessions; 5 events of the server read
                """)
    }

    @Test func comparison_includesUnmatchedEvents() async throws {
        let comparison = try await compare([("version: 1", "version: 1\nunmatched: {to: log}")])
        #expect(
            rendered(comparison) == """
                FOLDER/one.jsonl: 1 event
                  1  session.created  no route → unmatched (log)

                FOLDER/two.jsonl: 1 event
                  1  session.created  no route → unmatched (log)

                2 events would be routed differently, in 2 of 2 sessions; 5 events of the server read
                """)
    }

    @Test func comparison_missingSession_throws() async throws {
        let rules = try #require(load(Self.old).configuration)
        var comparison = RoutingComparison(from: rules, to: rules)
        await #expect(throws: FileFailure.self) { try await comparison.add(session: "\(folder.path)/none.jsonl") }
    }
}
