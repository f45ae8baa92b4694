import ConfigSource
import RouteFile
import Testing

/// Mistakes in the sections of a routes.yml that are neither handlers nor routes.
@Suite struct FileSectionTests {
    @Test(arguments: mistakes)
    func sections_reportMistakeAtItsLocation(_ mistake: SectionMistake) {
        mistake.check()
    }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "no version", changes: [(#"version: 1\#n"#, #""#)],
            rendered: #"""
                routes.yml:1:1: error: the file needs the key `version`
                    1 | handlers:
                      | ^
                   help: write `version: 1` as its first line
                """#),
        SectionMistake(
            "version 2", changes: [(#"version: 1\#n"#, #"version: 2\#n"#)],
            rendered: #"""
                routes.yml:1:10: error: the version must be the number 1, and this is `2`
                    1 | version: 2
                      |          ^
                   help: write `version: 1`, the only version there is
                """#),
        SectionMistake(
            "version as a string", changes: [(#"version: 1\#n"#, #"version: "1"\#n"#)],
            rendered: #"""
                routes.yml:1:10: error: the version must be the number 1, and this is a string
                    1 | version: "1"
                      |          ^
                   help: leave out the quotes
                """#),
        SectionMistake(
            "a list", file: #"- version: 1\#n"#,
            rendered: #"""
                routes.yml:1:1: error: the file must be a mapping, and this is a list
                    1 | - version: 1
                      | ^
                """#),
        SectionMistake(
            "steps that do not ascend", more: #"idle_after: [30s, 30s, 20s]\#n"#,
            rendered: #"""
                routes.yml:9:19: error: each step of `idle_after` must be longer than the one before it, and `30s` follows `30s`
                    9 | idle_after: [30s, 30s, 20s]
                      |                   ^

                routes.yml:9:24: error: each step of `idle_after` must be longer than the one before it, and `20s` follows `30s`
                    9 | idle_after: [30s, 30s, 20s]
                      |                        ^
                """#),
        SectionMistake(
            "a step without a unit, and a list without steps", more: #"idle_after: [30s, 60]\#n"#,
            rendered: #"""
                routes.yml:9:19: error: each element of `idle_after` must be a duration such as `5s`, `2m` or `24h`, and `60` has no unit
                    9 | idle_after: [30s, 60]
                      |                   ^
                   help: add a unit: `60s`
                """#),
        SectionMistake(
            "no steps", more: #"idle_after: []\#n"#,
            rendered: #"""
                routes.yml:9:13: error: `idle_after` is empty
                    9 | idle_after: []
                      |             ^
                   help: write `idle_after: [30s, 60s]`
                """#),
        SectionMistake(
            "idle_after of another kind", more: #"idle_after: {first: 30s}\#n"#,
            rendered: #"""
                routes.yml:9:13: error: `idle_after` must be a duration such as `5s`, `2m` or `24h`, and this is a mapping
                    9 | idle_after: {first: 30s}
                      |             ^
                """#),
        SectionMistake(
            "unknown section", more: #"dead_leters: {path: d}\#n"#,
            rendered: #"""
                routes.yml:9:1: error: unknown key `dead_leters`
                    9 | dead_leters: {path: d}
                      | ^
                   help: did you mean `dead_letters`?
                """#),
        SectionMistake(
            "no routes",
            changes: [
                (
                    #"routes:\#n  - {name: all, to: [log, tools]}\#n  - {name: more, match: {type: error}, to: out}\#n"#,
                    #""#
                )
            ],
            rendered: #"""
                routes.yml:1:1: error: the file needs the key `routes`
                    1 | version: 1
                      | ^
                   help: write `routes: [{name: all, to: HANDLER}]`
                """#),
        SectionMistake(
            "routes is a mapping",
            changes: [
                (
                    #"routes:\#n  - {name: all, to: [log, tools]}\#n  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"routes: {name: a}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:6:9: error: `routes` must be a list, and this is a mapping
                    6 | routes: {name: a}
                      |         ^
                """#),
        SectionMistake(
            "routes without a value",
            changes: [
                (#"  - {name: all, to: [log, tools]}\#n  - {name: more, match: {type: error}, to: out}\#n"#, #""#)
            ],
            rendered: #"""
                routes.yml:6:8: error: `routes` has no value, and must be a list
                    6 | routes:
                      |        ^
                """#),
        SectionMistake(
            "a list that is none",
            changes: [
                (
                    #"  tools: {type: function_call}\#n"#,
                    #"  tools: {type: function_call}\#nlists: {a: x, b: [], c: [[1], yes, ok]}\#n"#
                )
            ],
            rendered: #"""
                routes.yml:6:12: error: the list `a` must be a list of values, and this is a string
                    6 | lists: {a: x, b: [], c: [[1], yes, ok]}
                      |            ^
                   help: write `[x]`

                routes.yml:6:18: error: the list `b` is empty, so nothing could match it
                    6 | lists: {a: x, b: [], c: [[1], yes, ok]}
                      |                  ^
                   help: give it values, or remove it

                routes.yml:6:26: error: a value of the list `c` cannot be a list
                    6 | lists: {a: x, b: [], c: [[1], yes, ok]}
                      |                          ^

                routes.yml:6:31: error: plain `yes` is a string, not true
                    6 | lists: {a: x, b: [], c: [[1], yes, ok]}
                      |                               ^
                   help: write `"yes"` for the string, or `true`
                """#),
        SectionMistake(
            "unknown list",
            changes: [
                (
                    #"  tools: {type: function_call}\#n"#,
                    #"  tools: {type: function_call}\#nlists: {home_tools: [a]}\#n"#
                ),
                (
                    #"  - {name: all, to: [log, tools]}\#n  - {name: more, match: {type: error}, to: out}\#n"#,
                    #"  - {name: a, match: {type: error, name: [{list: home_tool}]}, to: [log, out, tools]}\#n"#
                ),
            ],
            rendered: #"""
                routes.yml:8:50: error: there is no list `home_tool`
                    8 |   - {name: a, match: {type: error, name: [{list: home_tool}]}, to: [log, out, tools]}
                      |                                                  ^
                   help: did you mean `home_tools`?
                """#),
        SectionMistake(
            "misspelt required keys",
            changes: [
                (#"version: 1\#n"#, #"versio: 1\#n"#),
                (#"  log: {type: transcript, output: t.jsonl}\#n"#, #"  log: {type: transcript, outptu: t.jsonl}\#n"#),
                (#"routes:\#n"#, #"rotes:\#n"#),
            ],
            rendered: #"""
                routes.yml:1:1: error: unknown key `versio`
                    1 | versio: 1
                      | ^
                   help: did you mean `version`?

                routes.yml:3:27: error: unknown key `outptu`
                    3 |   log: {type: transcript, outptu: t.jsonl}
                      |                           ^
                   help: did you mean `output`?

                routes.yml:6:1: error: unknown key `rotes`
                    6 | rotes:
                      | ^
                   help: did you mean `routes`?
                """#),
        SectionMistake(
            "unmatched", more: #"unmatched: out\#n"#,
            rendered: #"""
                routes.yml:9:12: error: `unmatched` must be `ignore` or `{to: HANDLER}`
                    9 | unmatched: out
                      |            ^
                   help: write `unmatched: {to: out}`
                """#),
        SectionMistake(
            "unmatched to nobody", more: #"unmatched: {to: oot}\#n"#,
            rendered: #"""
                routes.yml:9:17: error: there is no handler `oot`
                    9 | unmatched: {to: oot}
                      |                 ^
                   help: did you mean `out`?
                """#),
        SectionMistake(
            "unmatched without to", more: #"unmatched: {}\#n"#,
            rendered: #"""
                routes.yml:9:12: error: `unmatched` needs the key `to`
                    9 | unmatched: {}
                      |            ^
                   help: write `unmatched: {to: HANDLER}`
                """#),
        SectionMistake(
            "dead letters", more: #"dead_letters: {pth: x}\#n"#,
            rendered: #"""
                routes.yml:9:16: error: unknown key `pth`
                    9 | dead_letters: {pth: x}
                      |                ^
                   help: did you mean `path`?
                """#),
        SectionMistake(
            "dead letters as a text", more: #"dead_letters: d.jsonl\#n"#,
            rendered: #"""
                routes.yml:9:15: error: `dead_letters` must be a mapping, and this is the string `d.jsonl`
                    9 | dead_letters: d.jsonl
                      |               ^
                   help: write `dead_letters: {path: d.jsonl}`
                """#),
        SectionMistake(
            "limits", more: #"max_event_bytes: 5\#ntranscript_timeout: 10\#n"#,
            rendered: #"""
                routes.yml:9:18: error: `max_event_bytes` must be from 1024 to 1073741824 bytes, and this is `5`
                    9 | max_event_bytes: 5
                      |                  ^

                routes.yml:10:21: error: `transcript_timeout` must be a duration such as `250ms`, `5s`, `2m` or `24h`, and `10` has no unit
                   10 | transcript_timeout: 10
                      |                     ^
                   help: add a unit: `10s` or `10ms`
                """#),
        SectionMistake(
            "tests",
            more:
                #"tests:\#n  - {name: a, event: {type: error}, routes: [mor]}\#n  - {name: a, event: [], routes: all}\#n  - {name: b, evnt: {}}\#n  - {name: c, event: {type: eror}, routes: []}\#n"#,
            rendered: #"""
                routes.yml:10:46: error: there is no route `mor`
                   10 |   - {name: a, event: {type: error}, routes: [mor]}
                      |                                              ^
                   help: did you mean `more`?

                routes.yml:11:12: error: there are two tests called `a`, the first in line 10
                   11 |   - {name: a, event: [], routes: all}
                      |            ^
                   help: rename one of them
                routes.yml:10:12: note: the first one is here
                   10 |   - {name: a, event: {type: error}, routes: [mor]}
                      |            ^

                routes.yml:11:22: error: `event` must be a mapping, and this is a list
                   11 |   - {name: a, event: [], routes: all}
                      |                      ^

                routes.yml:11:34: error: `routes` must be a list of strings, and this is the string `all`
                   11 |   - {name: a, event: [], routes: all}
                      |                                  ^
                   help: write `[all]`

                routes.yml:12:5: error: a test needs the key `routes`
                   12 |   - {name: b, evnt: {}}
                      |     ^
                   help: name the routes that are to fire; `routes: []` for none

                routes.yml:12:15: error: unknown key `evnt`
                   12 |   - {name: b, evnt: {}}
                      |               ^
                   help: did you mean `event`?

                routes.yml:13:29: warning: unknown event type `eror`
                   13 |   - {name: c, event: {type: eror}, routes: []}
                      |                             ^
                   help: did you mean `error`?
                """#),
        SectionMistake(
            "look-alikes",
            changes: [
                (#"  log: {type: transcript, output: t.jsonl}\#n"#, #"  log: {type: transcript, output: on}\#n"#)
            ],
            more: #"tests:\#n  - {name: a, event: {type: error, code: 010}, routes: [more]}\#n"#,
            rendered: #"""
                routes.yml:3:35: warning: plain `on` is a string, not true
                    3 |   log: {type: transcript, output: on}
                      |                                   ^
                   help: write `"on"` for the string, or `true`

                routes.yml:10:42: warning: plain `010` is a string, not a number
                   10 |   - {name: a, event: {type: error, code: 010}, routes: [more]}
                      |                                          ^
                   help: write `"010"` for the string
                """#, isLoaded: true),
        SectionMistake(
            "several in one",
            changes: [(#"  - {name: all, to: [log, tools]}\#n"#, #"  - {name: all, name: both, to: [log, tools]}\#n"#)],
            rendered: #"""
                routes.yml:7:17: error: the key `name` stands twice, first in line 7
                    7 |   - {name: all, name: both, to: [log, tools]}
                      |                 ^
                routes.yml:7:6: note: the first one is here
                    7 |   - {name: all, name: both, to: [log, tools]}
                      |      ^
                """#),
    ]
}
