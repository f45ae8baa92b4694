import Foundation
import Testing

/// Labels of a session, in all commands that evaluate rules.
@Suite struct LabelCommandTests {
    private static let rules = """
        version: 1
        handlers:
          log: { type: console, output: log.txt }
        routes:
          - { name: acme, match: { type: error, labels: { tenant: acme } }, to: log }
          - name: either
            match: { type: error, $or: [ { labels: { tenant: [ { prefix: ac } ] } }, { error: { code: loud } } ] }
            to: log
          - { name: nobody, match: { type: error, labels: { tenant: [ { exists: false } ] } }, to: log }

        """

    private static let session = """
        {"type": "session.created", "session": {"id": "s"}}
        {"type": "error", "error": {"code": "quiet"}}
        {"type": "error", "error": {"code": "loud"}}

        """

    private func place(_ more: String = "") throws -> Workplace {
        let place = try Workplace(routes: Self.rules + more)
        try place.write("call.jsonl", Self.session)
        return place
    }

    @Test("check knows `labels` beside the fields of any event")
    func labels_areKnownToCheck() async throws {
        let ending = try await place().run("check", "--deny-warnings")
        #expect(ending.code == 0 && ending.error == "")
    }

    @Test("run routes wire events by the labels of the session")
    func labels_routeWireEvents() async throws {
        let place = try place()
        let labelled = try await place.run("run", "call.jsonl", "--dry-run", "--label", "tenant=acme")
        #expect(
            lineList(labelled.output).suffix(4) == [
                "route   matched", "acme          2", "either        2", "nobody        0",
            ])
        let bare = try await place.run("run", "call.jsonl", "--dry-run")
        #expect(lineList(bare.output).suffix(3) == ["acme          0", "either        1", "nobody        2"])
    }

    @Test("explain says which label kept a route from firing")
    func labels_areExplained() async throws {
        let place = try place()
        let ending = try await place.run("explain", "call.jsonl", "--label", "tenant=other", "--event", "2")
        #expect(
            ending.output == """
                       2  error
                            acme: no, the session's label `tenant` is "other" (routes.yml:5:51)
                            either: no, the session's label `tenant` is "other" (routes.yml:7:46)
                            nobody: no, the session's label `tenant` is "other" (routes.yml:9:53)

                """)
        let bare = try await place.run("explain", "call.jsonl", "--route", "acme")
        #expect(
            bare.output == """
                3 events of the server, 0 derived; 2 of 3 routes fired

                acme: never fired
                  2 events of its types did not match at `labels.tenant` (routes.yml:5:51)
                  closest miss: 2, where the session has no label `tenant` (routes.yml:5:51)

                       2  error                                   no, the session has no label `tenant` (routes.yml:5:51)
                       3  error                                   no, the session has no label `tenant` (routes.yml:5:51)

                """)
        let entry = try await place.run("explain", "call.jsonl", "--label", "tenant=acme", "--event", "2", "--as-test")
        try place.write("routes.yml", Self.rules + "tests:\n" + entry.output)
        #expect(entry.output.contains(#"    labels: {"tenant":"acme"}"#))
        #expect(try await place.run("test").code == 0)
    }

    @Test("test takes the labels of a test; without them those of a derived event count")
    func labels_ofATest() async throws {
        let place = try place(
            """
            tests:
              - { name: theirs, labels: { tenant: acme }, event: { type: error }, routes: [acme, either] }
              - { name: nobody's, event: { type: error }, routes: [nobody] }
              - name: in a session
                labels: { tenant: acid }
                events: [ { type: error }, { type: error } ]
                routes: [either, either]
              - name: as the event says
                events: [ { type: router.error.raised, labels: { tenant: acme } }, { type: error } ]
                routes: [acme, either]
              - { name: a recording, labels: { tenant: acme }, session: call.jsonl, expect: call.expected.jsonl }

            """)
        #expect(try await place.run("test", "--update").code == 0)
        let ending = try await place.run("test")
        #expect(ending.output.hasSuffix("5 tests: 5 passed\n"), "\(ending.output)")
        #expect(place.lines("call.expected.jsonl").count == 2)
    }

    @Test("diff and match take labels too")
    func labels_inDiffAndMatch() async throws {
        let place = try place()
        try place.write("new.yml", Self.rules.replacing("labels: { tenant: acme }", with: "labels: { tenant: other }"))
        let same = try await place.run("diff", "routes.yml", "new.yml", "call.jsonl")
        #expect(same.code == 0)
        let changed = try await place.run("diff", "routes.yml", "new.yml", "call.jsonl", "--label", "tenant=other")
        #expect(changed.code == 1)
        let pattern = "{type: error, labels: {tenant: acme}}"
        #expect(try await place.run("match", pattern, "call.jsonl", "-c").output == "0\n")
        #expect(try await place.run("match", pattern, "call.jsonl", "-c", "--label", "tenant=acme").output == "2\n")
    }

    @Test("check warns of conditions on labels that no session can satisfy")
    func labels_lints() async throws {
        let place = try place(
            """
              - { name: number, match: { type: error, labels: { floor: 3 } }, to: log }
              - { name: range, match: { type: error, labels: { floor: [ { numeric: [">", 3] } ] } }, to: log }
              - { name: bare, match: { type: error, labels: acme }, to: log }
              - { name: deep, match: { type: error, $or: [ { labels: { a: { b: c } } }, { event_id: x } ] }, to: log }

            """)
        let ending = try await place.run("check")
        #expect(ending.code == 0)
        #expect(
            ending.output.hasPrefix(
                """
                routes.yml:10:60: warning: the label `floor` is a string, so the number `3` never matches
                   10 |   - { name: number, match: { type: error, labels: { floor: 3 } }, to: log }
                      |                                                            ^
                   help: quote it: `"3"`

                routes.yml:11:63: warning: the label `floor` is a string, so `numeric` never matches
                   11 |   - { name: range, match: { type: error, labels: { floor: [ { numeric: [">", 3] } ] } }, to: log }
                      |                                                               ^
                   help: name the values, or use `regexp`

                routes.yml:12:49: warning: `labels` has the session's labels by name, and no value of its own
                   12 |   - { name: bare, match: { type: error, labels: acme }, to: log }
                      |                                                 ^
                   help: name the label: `labels: {tenant: acme}`

                routes.yml:13:63: warning: the label `a` is a string and has no fields
                   13 |   - { name: deep, match: { type: error, $or: [ { labels: { a: { b: c } } }, { event_id: x } ] }, to: log }
                      |                                                               ^
                   help: write its value, or a list of alternatives

                """), "\(ending.output)")
    }
}
