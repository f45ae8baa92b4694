import ConfigSource
import EventRouter
import RouteFile
import Testing

/// The section `sources`.
@Suite struct SourceSectionTests {
    @Test("The configuration has the sources in file order, with what belongs to each")
    func sources_inFileOrder() throws {
        let (configuration, diagnostics) = load(
            SectionMistake.base + """
                sources:
                  night: {type: file, paths: [calls/*.jsonl, more], labels: {tenant: acme}}
                  agent: {type: socket, session_idle: 5m, max_duration: 30m, labels: {tenant: "${TENANT}"}}

                """, context: HandlerContext(folder: "night", variable: { _ in "globex" }))
        #expect(diagnostics.rendered() == "")
        let sources = try #require(configuration?.sources)
        #expect(sources.map(\.name) == ["night", "agent"])
        #expect(sources.map(\.source.name) == ["night/calls/*.jsonl, night/more", "-"])
        #expect(sources.map(\.labels) == [[SessionLabel("tenant", "acme")], [SessionLabel("tenant", "globex")]])
        #expect(sources.map(\.idleLimit) == [nil, .seconds(300)])
        #expect(sources.map(\.limits) == [SessionLimits(), SessionLimits(maxDuration: .seconds(1800))])
        #expect(sources.map(\.location?.line) == [10, 11])
    }

    @Test("A live source has its recordings, which are kept as long as they or `privacy` say, and are forgotten")
    func record_isRead() throws {
        let (configuration, diagnostics) = load(
            SectionMistake.base + """
                sources:
                  a: {type: socket, record: {folder: "${PLACE}/a", keep: 1d}}
                  b: {type: socket, record: {folder: /b}}
                  c: {type: socket}
                privacy: {keep: 2d}

                """, context: HandlerContext(folder: "night", variable: { _ in "rec" }))
        #expect(diagnostics.rendered() == "")
        let sources = try #require(configuration?.sources)
        #expect(sources.map(\.recordings?.keep) == [.seconds(86400), .seconds(2 * 86400), nil])
        #expect(sources.map(\.recordings?.path) == ["night/rec/a/{session}.jsonl", "/b/{session}.jsonl", nil])
        #expect(
            configuration?.records.map(\.name).filter { $0.hasPrefix("recordings") }
                == ["recordings of the source `a`", "recordings of the source `b`"])
    }

    @Test("A fingerprint changes with an option, and not with the order of the keys")
    func fingerprint_goesByOptions() throws {
        func fingerprint(_ source: String) throws -> String {
            let (configuration, _) = load(SectionMistake.base + "sources: {s: \(source)}\n")
            return try #require(configuration?.sources.first).fingerprint
        }
        let first = try fingerprint("{type: file, paths: [a], concurrent_sessions: 2}")
        #expect(try fingerprint("{concurrent_sessions: 2, paths: [a], type: file}") == first)
        #expect(try fingerprint("{type: file, paths: [a], concurrent_sessions: 3}") != first)
        #expect(try fingerprint("{type: file, paths: [a], concurrent_sessions: 2, labels: {a: b}}") != first)
    }

    @Test(arguments: mistakes)
    func sources_reportMistakeAtItsLocation(_ mistake: SectionMistake) { mistake.check() }

    static let mistakes: [SectionMistake] = [
        SectionMistake(
            "no sources", more: "sources: {}\n",
            rendered: """
                routes.yml:9:10: error: `sources` is empty
                    9 | sources: {}
                      |          ^
                   help: remove it, or write `sources: {calls: {type: file, paths: [calls]}}`
                """),
        SectionMistake(
            "a name used twice", more: "sources: {s: {type: pipe}, s: {type: file, paths: a}}\n",
            rendered: """
                routes.yml:9:28: error: the key `s` stands twice, first in line 9
                    9 | sources: {s: {type: pipe}, s: {type: file, paths: a}}
                      |                            ^
                routes.yml:9:11: note: the first one is here
                    9 | sources: {s: {type: pipe}, s: {type: file, paths: a}}
                      |           ^
                """),
        SectionMistake(
            "a misspelt type", more: "sources: {s: {type: pip}}\n",
            rendered: """
                routes.yml:9:21: error: there is no source type `pip`
                    9 | sources: {s: {type: pip}}
                      |                     ^
                   help: did you mean `pipe`?
                """),
        SectionMistake(
            "no type", more: "sources: {file: {paths: a}, s: pipe}\n",
            rendered: """
                routes.yml:9:17: error: the source `file` needs the key `type`
                    9 | sources: {file: {paths: a}, s: pipe}
                      |                 ^
                   help: write `type: file`

                routes.yml:9:32: error: the source `s` must be a mapping, and this is the string `pipe`
                    9 | sources: {file: {paths: a}, s: pipe}
                      |                                ^
                   help: write `s: {type: pipe}`, and its options beside `type`
                """),
        SectionMistake(
            "unknown keys", more: "sources: {s: {type: file, path: a, label: {a: b}}, t: {type: socket, port: 1}}\n",
            rendered: """
                routes.yml:9:27: error: unknown key `path`
                    9 | sources: {s: {type: file, path: a, label: {a: b}}, t: {type: socket, port: 1}}
                      |                           ^
                   help: did you mean `paths`?

                routes.yml:9:36: error: unknown key `label`
                    9 | sources: {s: {type: file, path: a, label: {a: b}}, t: {type: socket, port: 1}}
                      |                                    ^
                   help: did you mean `labels`?

                routes.yml:9:70: error: unknown key `port`
                    9 | sources: {s: {type: file, path: a, label: {a: b}}, t: {type: socket, port: 1}}
                      |                                                                      ^
                   help: known keys: `type`, `labels`, `session_idle`, `max_duration`, `max_cost`, `record`
                """),
        SectionMistake(
            "values that cannot be",
            more:
                "sources: {s: {type: file, paths: [], concurrent_sessions: 0}, t: {type: pipe, session_key: \"\", labels: {n: 5}}}\n",
            rendered: #"""
                routes.yml:9:34: error: `paths` is empty
                    9 | sources: {s: {type: file, paths: [], concurrent_sessions: 0}, t: {type: pipe, session_key: "", labels: {n: 5}}}
                      |                                  ^
                   help: write `paths: [calls/*.jsonl]`

                routes.yml:9:59: error: `concurrent_sessions` must be a whole number from 1 to 1000, and this is `0`
                    9 | sources: {s: {type: file, paths: [], concurrent_sessions: 0}, t: {type: pipe, session_key: "", labels: {n: 5}}}
                      |                                                           ^

                routes.yml:9:92: error: `session_key` is empty
                    9 | sources: {s: {type: file, paths: [], concurrent_sessions: 0}, t: {type: pipe, session_key: "", labels: {n: 5}}}
                      |                                                                                            ^

                routes.yml:9:108: error: the label `n` must be a string, and this is the number `5`
                    9 | sources: {s: {type: file, paths: [], concurrent_sessions: 0}, t: {type: pipe, session_key: "", labels: {n: 5}}}
                      |                                                                                                            ^
                   help: quote it: `"5"`
                """#),
        SectionMistake(
            "former names of keys",
            more: "sources: {s: {type: file, paths: a, at_once: 2}}\nutterance_hold: 5s\ntranscript_timeout: 6s\n",
            rendered: #"""
                routes.yml:9:37: warning: `at_once` is now called `concurrent_sessions`
                    9 | sources: {s: {type: file, paths: a, at_once: 2}}
                      |                                     ^
                   help: write `concurrent_sessions`: the next version does not accept `at_once`

                routes.yml:10:1: error: `utterance_hold` is the former name of `transcript_timeout`, which is present too
                   10 | utterance_hold: 5s
                      | ^
                   help: remove `utterance_hold`
                """#),
        SectionMistake(
            "an option of live sources",
            more: "sources: {s: {type: pipe, session_idle: 5m}, t: {type: file, paths: a, session_idle: 5m}}\n",
            rendered: """
                routes.yml:9:41: error: `session_idle` is for live sources, and the source `s` is not live
                    9 | sources: {s: {type: pipe, session_idle: 5m}, t: {type: file, paths: a, session_idle: 5m}}
                      |                                         ^
                   help: write `live: true`, or remove it

                routes.yml:9:86: error: `session_idle` is for live sources, and the source `t` is not live
                    9 | sources: {s: {type: pipe, session_idle: 5m}, t: {type: file, paths: a, session_idle: 5m}}
                      |                                                                                      ^
                   help: remove it
                """),
        SectionMistake(
            "limits that cannot be, and a cost without prices",
            more:
                "sources: {s: {type: socket, max_duration: 500ms, max_cost: 0}, t: {type: file, paths: a, max_cost: 1}}\n",
            rendered: """
                routes.yml:9:43: error: `max_duration` must be from 1s to 7d, and this is `500ms`
                    9 | sources: {s: {type: socket, max_duration: 500ms, max_cost: 0}, t: {type: file, paths: a, max_cost: 1}}
                      |                                           ^

                routes.yml:9:60: error: `max_cost` must be a number from 0.0001 to 1000000.0, and this is `0`
                    9 | sources: {s: {type: socket, max_duration: 500ms, max_cost: 0}, t: {type: file, paths: a, max_cost: 1}}
                      |                                                            ^

                routes.yml:9:100: error: `max_cost` is for live sources, and the source `t` is not live
                    9 | sources: {s: {type: socket, max_duration: 500ms, max_cost: 0}, t: {type: file, paths: a, max_cost: 1}}
                      |                                                                                                    ^
                   help: remove it
                """),
        SectionMistake(
            "a cost without prices", more: "sources: {s: {type: socket, max_cost: 1.5}}\n",
            rendered: """
                routes.yml:9:39: error: `max_cost` needs prices, and no handler has them
                    9 | sources: {s: {type: socket, max_cost: 1.5}}
                      |                                       ^
                   help: add a handler `{type: metrics, prices: [{model: gpt-realtime, …}]}`, and a route to it
                """),
        SectionMistake(
            "recordings of what is not live",
            more: "sources: {s: {type: pipe, record: {folder: r}}, t: {type: file, paths: a, record: {folder: r}}}\n",
            rendered: """
                routes.yml:9:35: error: `record` is for live sources, and the source `s` is not live
                    9 | sources: {s: {type: pipe, record: {folder: r}}, t: {type: file, paths: a, record: {folder: r}}}
                      |                                   ^
                   help: write `live: true`, or remove it

                routes.yml:9:83: error: `record` is for live sources, and the source `t` is not live
                    9 | sources: {s: {type: pipe, record: {folder: r}}, t: {type: file, paths: a, record: {folder: r}}}
                      |                                                                                   ^
                   help: remove it
                """),
        SectionMistake(
            "recordings that cannot be",
            more: "sources: {s: {type: socket, record: {max_size: 5, path: r}}, t: {type: socket, record: calls}}\n",
            rendered: """
                routes.yml:9:37: error: `record` needs the key `folder`
                    9 | sources: {s: {type: socket, record: {max_size: 5, path: r}}, t: {type: socket, record: calls}}
                      |                                     ^
                   help: write `record: {folder: recordings}`

                routes.yml:9:48: error: `max_size` must be from 65536 to 1099511627776 bytes, and this is `5`
                    9 | sources: {s: {type: socket, record: {max_size: 5, path: r}}, t: {type: socket, record: calls}}
                      |                                                ^

                routes.yml:9:51: error: unknown key `path`
                    9 | sources: {s: {type: socket, record: {max_size: 5, path: r}}, t: {type: socket, record: calls}}
                      |                                                   ^
                   help: known keys: `folder`, `audio`, `max_size`, `keep`

                routes.yml:9:88: error: `record` must be a mapping, and this is the string `calls`
                    9 | sources: {s: {type: socket, record: {max_size: 5, path: r}}, t: {type: socket, record: calls}}
                      |                                                                                        ^
                   help: write `record: {folder: calls}`
                """),
        SectionMistake(
            "recordings in no folder",
            more: "sources: {s: {type: socket, record: {folder: \"\"}}, t: {type: socket, record: {folder: \"-\"}}}\n",
            rendered: #"""
                routes.yml:9:46: error: `folder` is empty
                    9 | sources: {s: {type: socket, record: {folder: ""}}, t: {type: socket, record: {folder: "-"}}}
                      |                                              ^
                   help: write `record: {folder: recordings}`

                routes.yml:9:87: error: `folder` must be a folder, because `forget` cannot erase standard output
                    9 | sources: {s: {type: socket, record: {folder: ""}}, t: {type: socket, record: {folder: "-"}}}
                      |                                                                                       ^
                   help: write `record: {folder: recordings}`
                """#),
        SectionMistake(
            "recordings that outlive all records",
            more: "sources: {s: {type: socket, record: {folder: r, keep: 60d}}}\nprivacy: {keep: 30d}\n",
            rendered: """
                routes.yml:9:55: error: `keep` is longer than that of `privacy`, which holds for all records
                    9 | sources: {s: {type: socket, record: {folder: r, keep: 60d}}}
                      |                                                       ^
                   help: shorten it, or let `privacy` keep records longer
                """),
        SectionMistake(
            "standard input twice", more: "sources: {a: {type: pipe}, b: {type: pipe, live: true}}\n",
            rendered: """
                routes.yml:9:28: error: the sources `a` and `b` would both read standard input
                    9 | sources: {a: {type: pipe}, b: {type: pipe, live: true}}
                      |                            ^
                   help: keep one of them: lines can name their session, `{"session": KEY, "event": {…}}`
                """),
        SectionMistake(
            "a factory that gives nothing and says nothing", more: "sources: {s: {type: picky}}\n",
            rendered: """
                routes.yml:9:14: error: the source `s` cannot be made of these options
                    9 | sources: {s: {type: picky}}
                      |              ^
                """),
        SectionMistake(
            "a type of a product that is not linked", more: "sources: {s: {type: proxy, listen: x}}\n",
            rendered: """
                routes.yml:9:21: error: there is no source type `proxy` in this program
                    9 | sources: {s: {type: proxy, listen: x}}
                      |                     ^
                   help: it comes with the product RealtimeConnection: in Package.swift name the product RealtimeConnection, in the program's code call `registry.registerRealtimeConnection()`
                """),
        SectionMistake(
            "a handler that blocks beside a live source",
            changes: [("out: {type: console}", "out: {type: console, on_full: block}")],
            more: "sources: {s: {type: socket}}\n",
            rendered: """
                routes.yml:4:33: warning: `on_full: block` cannot make a live session wait for long, and the source `s` is live
                    4 |   out: {type: console, on_full: block}
                      |                                 ^
                   help: write `on_full: drop_oldest`, which is what a live session does when the queue is full, and `queue_capacity` for more room
                """, isLoaded: true),
        SectionMistake(
            "a handler that blocks, and no live source",
            changes: [("out: {type: console}", "out: {type: console, on_full: block}")],
            more: "sources: {s: {type: pipe}}\n", rendered: "", isLoaded: true),
    ]

    @Test("In commands that start nothing a type that is not registered is a warning")
    func unregisteredType_isAWarningWhereNothingStarts() {
        let (configuration, diagnostics) = load(
            SectionMistake.base + "sources:\n  a: {type: connect, model: m}\n  b: {type: switchboard}\n",
            context: HandlerContext(startsHandlers: false))
        #expect(
            diagnostics.rendered() == """
                routes.yml:10:13: warning: there is no source type `connect` in this program
                   10 |   a: {type: connect, model: m}
                      |             ^
                   help: it comes with the product RealtimeConnection: in Package.swift name the product RealtimeConnection, in the program's code call `registry.registerRealtimeConnection()`

                routes.yml:11:13: warning: there is no source type `switchboard` in this program
                   11 |   b: {type: switchboard}
                      |             ^
                   help: only a program that registers it can run this file; the types here: `file`, `picky`, `pipe`, `socket`
                """)
        #expect(configuration?.sources.map(\.name) == ["a", "b"])
    }
}
