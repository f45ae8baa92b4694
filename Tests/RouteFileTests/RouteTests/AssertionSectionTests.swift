import ConfigSource
import EventRouter
import RouteFile
import Testing

/// Reads assertions in `tests` of a routes.yml: valid forms, and mistakes.
@Suite struct AssertionSectionTests {
    @Test func assertions_everyForm() throws {
        let text =
            SectionMistake.base + """
                tests:
                  - name: a
                    session: ["calls/*.jsonl", /tmp/more]
                    assert:
                      - {call: cancel_order, at_most: 1}
                      - {event: {type: error}, exactly: 0}
                      - {event: {type: response.done}, at_least: 1, at_most: 3}
                      - {never: {direction: server, type: router.response.interrupted}}
                      - {before: [{type: session.updated}, {type: response.created}]}
                      - {within: 2.5s, of: {type: input_audio_buffer.speech_stopped}, comes: {direction: client}}
                  - {name: b, session: calls/a.jsonl, expect: a.expected.jsonl, assert: [{never: {type: error}}]}
                  - {name: c, labels: {tenant: acme}, assert: [{call: f, at_least: 2}]}

                """
        let (configuration, diagnostics) = load(text, context: HandlerContext(folder: "conf"))
        #expect(diagnostics.rendered() == "")
        let tests = try #require(configuration).tests
        #expect(
            tests.map(\.subject) == [
                .sessions(["conf/calls/*.jsonl", "/tmp/more"]), .session(path: "conf/calls/a.jsonl"), .sessions([]),
            ])
        #expect(tests.map(\.expectation) == [nil, .golden(path: "conf/a.expected.jsonl"), nil])
        #expect(
            tests.map { $0.assertions.map { Self.text($0) } } == [
                [
                    "13:9 calls of cancel_order 0 to 1", "14:9 server 0 to 0", "15:9 server 1 to 3",
                    "16:9 server 0 to 0", "17:9 server before server", "18:9 client 2500 ms after server",
                ],
                ["19:74 server 0 to 0"], ["20:48 calls of f 2 or more"],
            ])
    }

    private static func text(_ assertion: SessionAssertion) -> String {
        let place = assertion.location.map { "\($0.line):\($0.column)" } ?? "nowhere"
        switch assertion.condition {
        case .calls(let name, let range): return "\(place) calls of \(name) \(text(range))"
        case .events(let events, let range): return "\(place) \(events.side) \(text(range))"
        case .before(let first, let second): return "\(place) \(first.side) before \(second.side)"
        case .within(let limit, let of, let comes):
            return "\(place) \(comes.side) \(limit / .milliseconds(1)) ms after \(of.side)"
                .replacing(".0 ms", with: " ms")
        }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }

    @Test(arguments: mistakes)
    func assertions_everyMistakeAtItsPlace(_ mistake: SectionMistake) {
        mistake.check()
    }

    @Test func call_misspeltFunctionIsReported() {
        let line = "tests: [{name: a, assert: [{call: ‸get_wether, at_most: 1}, {call: of_the_client, at_most: 1}]}]"
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(
                    line, "warning", "no handler of this file has a function `get_wether`",
                    "did you mean `get_weather`?"))
    }

    /// One mistake per assertion, one per line from line 13.
    private static func mistakes(_ name: String, _ assertions: [String], _ rendered: String, isLoaded: Bool = false)
        -> SectionMistake
    {
        SectionMistake(
            name,
            more: "tests:\n  - name: a\n    assert:\n" + assertions.map { "      - \($0)\n" }.joined(),
            rendered: rendered, isLoaded: isLoaded)
    }

    static let mistakes: [SectionMistake] = [
        mistakes(
            "kinds",
            [
                "never", "{}", "{nevr: {type: error}}", "{never: {type: error}, call: f, at_most: 1}",
                "{exactly: 1}", "{never: {type: error}, at_most: 1}",
            ],
            """
            routes.yml:12:9: error: an assertion must be a mapping, and this is the string `never`
               12 |       - never
                  |         ^

            routes.yml:13:9: error: an assertion needs one of `call`, `event`, `never`, `before`, `within`
               13 |       - {}
                  |         ^
               help: write `never: {type: error}`

            routes.yml:14:10: error: unknown key `nevr`
               14 |       - {nevr: {type: error}}
                  |          ^
               help: did you mean `never`?

            routes.yml:15:32: error: an assertion has one of `call`, `event`, `never`, `before`, `within`, and this one has `never` already
               15 |       - {never: {type: error}, call: f, at_most: 1}
                  |                                ^
               help: make two assertions of it

            routes.yml:16:9: error: an assertion needs one of `call`, `event`, `never`, `before`, `within`
               16 |       - {exactly: 1}
                  |         ^
               help: write `never: {type: error}`

            routes.yml:17:32: error: unknown key `at_most`
               17 |       - {never: {type: error}, at_most: 1}
                  |                                ^
               help: known keys: `never`
            """),
        mistakes(
            "numbers",
            [
                "{call: cancel_order}", "{call: cancel_order, exactly: 1, at_most: 2}",
                "{call: cancel_order, at_least: 3, at_most: 2}", "{call: cancel_order, at_least: 0}",
                "{call: cancel_order, exactly: -1}", "{event: {type: error}, at_most: two}", "{call: [a], exactly: 1}",
                "{call: \"\", exactly: 1}",
            ],
            """
            routes.yml:12:9: error: the assertion needs one of `exactly`, `at_least`, `at_most`
               12 |       - {call: cancel_order}
                  |         ^
               help: write `at_least: 1`

            routes.yml:13:42: error: `at_most` has no effect beside `exactly`
               13 |       - {call: cancel_order, exactly: 1, at_most: 2}
                  |                                          ^
               help: leave out one of the two

            routes.yml:14:52: error: `at_most` must not be less than `at_least`, which is 3, and this is `2`
               14 |       - {call: cancel_order, at_least: 3, at_most: 2}
                  |                                                    ^

            routes.yml:15:40: error: `at_least` must be a whole number from 1 to 1000000, and this is `0`
               15 |       - {call: cancel_order, at_least: 0}
                  |                                        ^

            routes.yml:16:39: error: `exactly` must be a whole number from 0 to 1000000, and this is `-1`
               16 |       - {call: cancel_order, exactly: -1}
                  |                                       ^

            routes.yml:17:41: error: `at_most` must be a whole number, and this is the string `two`
               17 |       - {event: {type: error}, at_most: two}
                  |                                         ^

            routes.yml:18:16: error: `call` must be a string, and this is a list
               18 |       - {call: [a], exactly: 1}
                  |                ^

            routes.yml:19:16: error: the name of a function may not be empty
               19 |       - {call: "", exactly: 1}
                  |                ^
            """),
        mistakes(
            "patterns",
            [
                "{never: error}", "{never: {direction: client, type: [{contains: x}]}}",
                "{never: {direction: both, type: error}}", "{never: {direction: clint}}",
                "{before: [{type: error}]}", "{before: {type: error}}",
                "{within: 2, of: {type: error}, comes: {type: error}}",
                "{within: 2s, of: {type: error}}", "{within: 0s, of: {type: error}, comes: {}}",
            ],
            """
            routes.yml:12:17: error: a pattern is a mapping of fields, not a string
               12 |       - {never: error}
                  |                 ^
               help: write a field and what it may be: `type: error`

            routes.yml:13:45: error: unknown operator `contains`
               13 |       - {never: {direction: client, type: [{contains: x}]}}
                  |                                             ^
               help: write `[{wildcard: "*x*"}]`, or `[{phrase: "x"}]` for what people say

            routes.yml:14:29: error: `direction` must be `server` or `client`, and this is the string `both`
               14 |       - {never: {direction: both, type: error}}
                  |                             ^

            routes.yml:15:29: error: `direction` must be `server` or `client`, and this is the string `clint`
               15 |       - {never: {direction: clint}}
                  |                             ^
               help: did you mean `client`?

            routes.yml:16:18: error: `before` must be a list of two patterns, and one is here
               16 |       - {before: [{type: error}]}
                  |                  ^
               help: write `before: [{type: session.updated}, {type: response.created}]`

            routes.yml:17:18: error: `before` must be a list of two patterns, and this is a mapping
               17 |       - {before: {type: error}}
                  |                  ^
               help: write `before: [{type: session.updated}, {type: response.created}]`

            routes.yml:18:18: error: `within` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `2` has no unit
               18 |       - {within: 2, of: {type: error}, comes: {type: error}}
                  |                  ^
               help: add a unit: `2s` or `2ms`

            routes.yml:19:9: error: an assertion needs the key `comes`
               19 |       - {within: 2s, of: {type: error}}
                  |         ^
               help: write `comes: {type: response.done}`

            routes.yml:20:18: error: `within` must be from 1ms to 24h, and this is `0s`
               20 |       - {within: 0s, of: {type: error}, comes: {}}
                  |                  ^

            routes.yml:20:48: error: the pattern names no field
               20 |       - {within: 0s, of: {type: error}, comes: {}}
                  |                                                ^
               help: an empty pattern would match every event: leave it out
            """),
        mistakes(
            "doubtful patterns",
            [
                "{never: {type: eror}}", "{never: {type: response.create}}",
                "{never: {direction: client, type: response.done}}",
                "{never: {direction: client, type: response.creat}}",
                "{never: {direction: client, type: response.create, respons: {modalities: [text]}}}",
                "{never: {direction: client, type: input_audio_buffer.append, audio: 5}}",
                "{never: {type: response.done, response: {status: faild}}}",
                "{never: {direction: client, labels: acme}}",
            ],
            """
            routes.yml:12:24: warning: unknown event type `eror`
               12 |       - {never: {type: eror}}
                  |                        ^
               help: did you mean `error`?

            routes.yml:13:24: warning: `response.create` is an event of the client
               13 |       - {never: {type: response.create}}
                  |                        ^
               help: write `direction: client` beside `type`

            routes.yml:14:43: warning: `response.done` is no event of the client
               14 |       - {never: {direction: client, type: response.done}}
                  |                                           ^
               help: leave out `direction`

            routes.yml:15:43: warning: unknown event type `response.creat`
               15 |       - {never: {direction: client, type: response.creat}}
                  |                                           ^
               help: did you mean `response.create`?

            routes.yml:16:60: warning: `response.create` has no field `respons`
               16 |       - {never: {direction: client, type: response.create, respons: {modalities: [text]}}}
                  |                                                            ^
               help: did you mean `response`?

            routes.yml:17:77: warning: `audio` holds a string: the number `5` never matches
               17 |       - {never: {direction: client, type: input_audio_buffer.append, audio: 5}}
                  |                                                                             ^
               help: write `"5"`

            routes.yml:18:58: warning: `faild` is not a known value of `response.status`
               18 |       - {never: {type: response.done, response: {status: faild}}}
                  |                                                          ^
               help: did you mean `failed`? if not, write `[{exactly: faild}]`

            routes.yml:19:45: warning: `labels` has the session's labels by name, and no value of its own
               19 |       - {never: {direction: client, labels: acme}}
                  |                                             ^
               help: name the label: `labels: {tenant: acme}`
            """, isLoaded: true),
        SectionMistake(
            "places",
            more: """
                tests:
                  - {name: a, event: {type: error}, routes: [], assert: [{never: {type: error}}]}
                  - {name: b, assert: [{never: {type: error}}], expect: e.jsonl}
                  - {name: c, assert: [{never: {type: error}}], routes: [more]}
                  - {name: d, session: [a, b], expect: e.jsonl, assert: [{never: {type: error}}]}
                  - {name: e, session: "*.jsonl", expect: e.jsonl, assert: [{never: {type: error}}]}
                  - {name: f, session: [], assert: [{never: {type: error}}]}
                  - {name: g, session: a, assert: []}
                  - {name: h, asert: [{never: {type: error}}]}

                """,
            rendered: """
                routes.yml:10:49: error: `assert` goes with `session`, or with neither `session` nor `event` nor `events`
                   10 |   - {name: a, event: {type: error}, routes: [], assert: [{never: {type: error}}]}
                      |                                                 ^
                   help: make two tests of it

                routes.yml:11:49: error: `expect` goes with `session`
                   11 |   - {name: b, assert: [{never: {type: error}}], expect: e.jsonl}
                      |                                                 ^
                   help: name the recorded session: `session: FILE`

                routes.yml:12:49: error: `routes` goes with `event` and `events`; the expectations of a session go into the file of `expect` or under `assert`
                   12 |   - {name: c, assert: [{never: {type: error}}], routes: [more]}
                      |                                                 ^
                   help: leave it out

                routes.yml:13:24: error: `expect` says where the events of one session go, and `session` may name several
                   13 |   - {name: d, session: [a, b], expect: e.jsonl, assert: [{never: {type: error}}]}
                      |                        ^
                   help: make two tests of it, one with `expect` and one with `assert`

                routes.yml:14:24: error: `expect` says where the events of one session go, and `session` may name several
                   14 |   - {name: e, session: "*.jsonl", expect: e.jsonl, assert: [{never: {type: error}}]}
                      |                        ^
                   help: make two tests of it, one with `expect` and one with `assert`

                routes.yml:15:24: error: `session` names no file
                   15 |   - {name: f, session: [], assert: [{never: {type: error}}]}
                      |                        ^

                routes.yml:16:35: error: `assert` holds no assertion
                   16 |   - {name: g, session: a, assert: []}
                      |                                   ^
                   help: write `assert: [{never: {type: error}}]`

                routes.yml:17:15: error: unknown key `asert`
                   17 |   - {name: h, asert: [{never: {type: error}}]}
                      |               ^
                   help: did you mean `assert`?
                """),
    ]
}
