import ConfigSource
import RouteFile
import Testing

/// Mistakes in `routes`.
@Suite struct RouteSectionTests {
    @Test(arguments: mistakes)
    func routes_reportMistakeAtItsLocation(_ mistake: SectionMistake) {
        mistake.check()
    }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "unknown handlers",
            changes: [
                (
                    #"  - {name: all, to: [log, tools]}\#n  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: all, to: [logs, tools]}\#n  - {name: more, match: {type: error}, to: nothing}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:7:22: error: there is no handler `logs`
                    7 |   - {name: all, to: [logs, tools]}
                      |                      ^
                   help: did you mean `log`?

                routes.yml:8:44: error: there is no handler `nothing`
                    8 |   - {name: more, match: {type: error}, to: nothing}
                      |                                            ^
                   help: handlers: `log`, `out`, `tools`
                """#),
        SectionMistake(
            "a handler twice",
            changes: [(#"  - {name: all, to: [log, tools]}\#n"#, #"  - {name: all, to: [log, tools, log]}\#n"#)],
            rendered: #"""
                routes.yml:7:34: warning: the handler `log` is named twice, but gets an event only once
                    7 |   - {name: all, to: [log, tools, log]}
                      |                                  ^
                """#, isLoaded: true),
        SectionMistake(
            "no to",
            changes: [
                (#"  - {name: more, match: {type: error}, to: out}\#n"#, #"  - {name: more, match: {type: error}}\#n"#)
            ],
            rendered: #"""
                routes.yml:8:5: error: a route needs the key `to`
                    8 |   - {name: more, match: {type: error}}
                      |     ^
                   help: handlers: `log`, `out`, `tools`; `stop: true` instead drops the events
                """#),
        SectionMistake(
            "empty to",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: error}, to: []}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:44: error: `to` names no handler
                    8 |   - {name: more, match: {type: error}, to: []}
                      |                                            ^
                   help: name one, or write `stop: true` in place of `to` to drop the events
                """#),
        SectionMistake(
            "empty to of a route that stops",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: error}, to: [], stop: true}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:44: error: `to` names no handler
                    8 |   - {name: more, match: {type: error}, to: [], stop: true}
                      |                                            ^
                   help: leave `to` out: with `stop: true` the route drops its events
                """#),
        SectionMistake(
            "to of a wrong type",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: error}, to: [out, 1]}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:50: error: each element of `to` must be a string, and this is the number `1`
                    8 |   - {name: more, match: {type: error}, to: [out, 1]}
                      |                                                  ^
                   help: quote it: `"1"`
                """#),
        SectionMistake(
            "route names",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: all, match: {type: error}, to: out}\#n  - {to: log}\#n  - {name: "", to: log}\#n  - {name: 5, to: log}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:12: error: there are two routes called `all`, the first in line 7
                    8 |   - {name: all, match: {type: error}, to: out}
                      |            ^
                   help: rename one of them
                routes.yml:7:12: note: the first one is here
                    7 |   - {name: all, to: [log, tools]}
                      |            ^

                routes.yml:9:5: error: a route needs the key `name`
                    9 |   - {to: log}
                      |     ^

                routes.yml:10:12: error: the name of a route may not be empty
                   10 |   - {name: "", to: log}
                      |            ^

                routes.yml:11:12: error: `name` must be a string, and this is the number `5`
                   11 |   - {name: 5, to: log}
                      |            ^
                   help: quote it: `"5"`
                """#),
        SectionMistake(
            "unknown key of a route",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: error}, to: out, mach: {a: 1}, stop: yes}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:49: error: unknown key `mach`
                    8 |   - {name: more, match: {type: error}, to: out, mach: {a: 1}, stop: yes}
                      |                                                 ^
                   help: did you mean `match`?

                routes.yml:8:69: error: `stop` must be true or false, and this is the string `yes`
                    8 |   - {name: more, match: {type: error}, to: out, mach: {a: 1}, stop: yes}
                      |                                                                     ^
                   help: write `true`
                """#),
        SectionMistake(
            "no match and no interests",
            changes: [(#"  - {name: more, match: {type: error}, to: out}\#n"#, #"  - {name: more, to: out}\#n"#)],
            rendered: #"""
                routes.yml:8:22: error: the route `more` has no `match`, and the handler `out` is made for no events of its own
                    8 |   - {name: more, to: out}
                      |                      ^
                   help: name the events: `match: {type: response.done}`
                """#),
        SectionMistake(
            "match without a type",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {role: user}, to: out}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:25: warning: this takes events of every type, the router's own (`router.*`) too: the handler `out` is made for none in particular
                    8 |   - {name: more, match: {role: user}, to: out}
                      |                         ^
                   help: say which: `type: response.done`
                """#, isLoaded: true),
        SectionMistake(
            "bad patterns",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: {prefix: a}, b: [{prefx: a}], c: no, d: }, to: out}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:33: error: `prefix` is an operator and goes in a list
                    8 |   - {name: more, match: {type: {prefix: a}, b: [{prefx: a}], c: no, d: }, to: out}
                      |                                 ^
                   help: write `[{prefix: a}]`

                routes.yml:8:50: error: unknown operator `prefx`
                    8 |   - {name: more, match: {type: {prefix: a}, b: [{prefx: a}], c: no, d: }, to: out}
                      |                                                  ^
                   help: did you mean `prefix`?

                routes.yml:8:65: error: plain `no` is a string, not false
                    8 |   - {name: more, match: {type: {prefix: a}, b: [{prefx: a}], c: no, d: }, to: out}
                      |                                                                 ^
                   help: write `"no"` for the string, or `false`

                routes.yml:8:72: error: a value is missing
                    8 |   - {name: more, match: {type: {prefix: a}, b: [{prefx: a}], c: no, d: }, to: out}
                      |                                                                        ^
                   help: write `null` for null, or `""` for an empty string
                """#),
        SectionMistake(
            "an empty match",
            changes: [
                (#"  - {name: more, match: {type: error}, to: out}\#n"#, #"  - {name: more, match: , to: out}\#n"#)
            ],
            rendered: #"""
                routes.yml:8:25: error: a pattern is a mapping of fields, not empty
                    8 |   - {name: more, match: , to: out}
                      |                         ^
                   help: write a field and what it may be: `type: response.done`
                """#),
        SectionMistake(
            "unknown event types",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: [response.don, response.audio.delta, something.else], $or: [{type: [{anything-but: [sesion.created]}]}, {a: 1}]}, to: out}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:33: warning: unknown event type `response.don`
                    8 |   - {name: more, match: {type: [response.don, response.audio.delta, something.else], $or: [{…
                      |                                 ^
                   help: did you mean `response.done`?

                routes.yml:8:69: warning: unknown event type `something.else`
                    8 |   - {name: more, match: {type: [response.don, response.audio.delta, something.else], $or: [{type: [{anything-but: [sesion.create…
                      |                                                                     ^

                routes.yml:8:101: warning: `anything-but` on `type` takes the router's own events (`router.*`) too
                    8 |   - {name: more, match: {type: [response.don, response.audio.delta, something.else], $or: [{type: [{anything-but: [sesion.created]}]}, {a: 1}]}, to: out}
                      |                                                                                                     ^
                   help: name the types that are wanted, or a `prefix` of them

                routes.yml:8:116: warning: unknown event type `sesion.created`
                    8 |   - {name: more, match: {type: [response.don, response.audio.delta, something.else], $or: [{type: [{anything-but: [sesion.created]}]}, {a: 1}]}, to: out}
                      |                                                                                                                    ^
                   help: did you mean `session.created`?
                """#, isLoaded: true),
        SectionMistake(
            "event types by operators",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: [{prefix: response.audio.}]}, to: out}\#n  - {name: c, match: {type: [{prefix: nothing.}]}, to: out}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:33: warning: this matches `response.audio.delta`, and such an event comes as `response.output_audio.delta`
                    8 |   - {name: more, match: {type: [{prefix: response.audio.}]}, to: out}
                      |                                 ^
                   help: write it for the new name

                routes.yml:9:30: warning: this matches no known event type
                    9 |   - {name: c, match: {type: [{prefix: nothing.}]}, to: out}
                      |                              ^
                """#, isLoaded: true),
        SectionMistake(
            "once per",
            changes: [
                (
                    #"  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: more, match: {type: error}, to: out, once_per: sesion}\#n  - {name: b, to: log, once_per: item_id}\#n  - {name: c, to: log, once_per: {fild: a}}\#n  - {name: d, to: log, once_per: {field: []}}\#n  - {name: e, to: log, once_per: 5}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:8:59: error: `once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`
                    8 |   - {name: more, match: {type: error}, to: out, once_per: sesion}
                      |                                                           ^
                   help: did you mean `session`?

                routes.yml:9:34: error: `once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`
                    9 |   - {name: b, to: log, once_per: item_id}
                      |                                  ^
                   help: write `{field: item_id}` for a field of the event

                routes.yml:10:35: error: unknown key `fild`
                   10 |   - {name: c, to: log, once_per: {fild: a}}
                      |                                   ^
                   help: did you mean `field`?

                routes.yml:11:42: error: `field` names no field
                   11 |   - {name: d, to: log, once_per: {field: []}}
                      |                                          ^

                routes.yml:12:34: error: `once_per` must be `session`, `turn`, `{field: NAME}` or `{every: DURATION}`
                   12 |   - {name: e, to: log, once_per: 5}
                      |                                  ^
                """#),
    ]
}
