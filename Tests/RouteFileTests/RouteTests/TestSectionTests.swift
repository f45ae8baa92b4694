import ConfigSource
import EventJSON
import EventRouter
import RouteFile
import Testing

/// Reads `tests` of a routes.yml: valid forms, and mistakes.
@Suite struct TestSectionTests {
    @Test func tests_readsEveryForm() throws {
        let text =
            SectionMistake.base + """
                tests:
                  - {name: a, event: {type: error}, routes: [more], handlers: [out], unmatched: false}
                  - {name: b, events: [{type: error}, {direction: client, event: {type: response.create}}], unmatched: true}
                  - {name: c, session: calls/a.jsonl, expect: /tmp/a.expected.jsonl}

                """
        let context = HandlerContext(folder: "conf")
        let (configuration, diagnostics) = load(text, context: context)
        #expect(diagnostics.rendered() == "")
        let tests = try #require(configuration).tests
        #expect(
            tests.map(\.subject) == [
                .event(["type": "error"]),
                .events([["type": "error"], ["direction": "client", "event": ["type": "response.create"]]]),
                .session(path: "conf/calls/a.jsonl"),
            ])
        #expect(
            tests.map(\.expectation) == [
                .dispatch(routes: ["more"], handlers: ["out"], isUnmatched: false),
                .dispatch(routes: nil, handlers: nil, isUnmatched: true),
                .golden(path: "/tmp/a.expected.jsonl"),
            ])
    }

    @Test(arguments: mistakes)
    func tests_reportsMistakeAtItsLocation(_ mistake: SectionMistake) {
        mistake.check()
    }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "subjects",
            more: """
                tests:
                  - {name: a, event: {type: error}, events: [], routes: []}
                  - {name: b, events: [], routes: []}
                  - {name: c, events: {type: error}, routes: []}
                  - {name: d, events: [error], routes: []}
                  - {name: e, routes: []}
                  - {name: f, session: [a], expect: b}
                  - {name: g, evnts: [], routes: []}
                  - {name: h, events: [{type: eror}], routes: []}

                """,
            rendered: """
                routes.yml:10:37: error: a test has one of `event`, `events` and `session`, and this one has `event` already
                   10 |   - {name: a, event: {type: error}, events: [], routes: []}
                      |                                     ^
                   help: make two tests of it

                routes.yml:11:23: error: `events` holds no event
                   11 |   - {name: b, events: [], routes: []}
                      |                       ^

                routes.yml:12:23: error: `events` must be a list, and this is a mapping
                   12 |   - {name: c, events: {type: error}, routes: []}
                      |                       ^

                routes.yml:13:24: error: each element of `events` must be a mapping, and this is a string
                   13 |   - {name: d, events: [error], routes: []}
                      |                        ^

                routes.yml:14:5: error: a test needs the key `event`
                   14 |   - {name: e, routes: []}
                      |     ^
                   help: write `event: {type: response.done}`

                routes.yml:15:24: error: `session` must be a string, and this is a list
                   15 |   - {name: f, session: [a], expect: b}
                      |                        ^

                routes.yml:16:15: error: unknown key `evnts`
                   16 |   - {name: g, evnts: [], routes: []}
                      |               ^
                   help: did you mean `events`?

                routes.yml:17:31: warning: unknown event type `eror`
                   17 |   - {name: h, events: [{type: eror}], routes: []}
                      |                               ^
                   help: did you mean `error`?
                """),
        SectionMistake(
            "expectations",
            more: """
                tests:
                  - {name: a, session: a.jsonl}
                  - {name: b, session: a.jsonl, routes: [more], expect: e.jsonl}
                  - {name: c, event: {type: error}, expect: e.jsonl}
                  - {name: d, event: {type: error}}
                  - {name: e, event: {type: error}, handlers: [ot]}
                  - {name: f, event: {type: error}, unmatched: yes}
                  - {name: g, event: {type: error}, unmatched: true, routes: [more]}
                  - {name: h, event: {type: error}, handler: [out]}

                """,
            rendered: """
                routes.yml:10:5: error: a test needs the key `expect`
                   10 |   - {name: a, session: a.jsonl}
                      |     ^
                   help: write `expect: FILE`, and let `realtime-router test --update` fill the file; or `assert:` with what must hold

                routes.yml:11:33: error: `routes` goes with `event` and `events`; the expectations of a session go into the file of `expect` or under `assert`
                   11 |   - {name: b, session: a.jsonl, routes: [more], expect: e.jsonl}
                      |                                 ^
                   help: leave it out

                routes.yml:12:37: error: `expect` goes with `session`
                   12 |   - {name: c, event: {type: error}, expect: e.jsonl}
                      |                                     ^
                   help: name the routes that are to fire: `routes: […]`

                routes.yml:13:5: error: a test needs the key `routes`
                   13 |   - {name: d, event: {type: error}}
                      |     ^
                   help: name the routes that are to fire; `routes: []` for none

                routes.yml:14:48: error: there is no handler `ot`
                   14 |   - {name: e, event: {type: error}, handlers: [ot]}
                      |                                                ^
                   help: did you mean `out`?

                routes.yml:15:48: error: `unmatched` must be true or false, and this is the string `yes`
                   15 |   - {name: f, event: {type: error}, unmatched: yes}
                      |                                                ^
                   help: write `true`

                routes.yml:16:62: error: `unmatched: true` says that no route takes it, but `routes` is not empty
                   16 |   - {name: g, event: {type: error}, unmatched: true, routes: [more]}
                      |                                                              ^
                   help: leave out one of the two

                routes.yml:17:37: error: unknown key `handler`
                   17 |   - {name: h, event: {type: error}, handler: [out]}
                      |                                     ^
                   help: did you mean `handlers`?
                """),
    ]
}
