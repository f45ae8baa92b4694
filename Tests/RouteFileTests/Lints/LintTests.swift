import ConfigSource
import RouteFile
import Testing

/// Warnings about valid files that probably do not mean what their author intended.
@Suite struct LintTests {
    private static let file = """
        version: 1
        handlers:
          out: {type: console}
          tools: {type: function_call}
        routes:
          - {name: calls, to: tools}

        """

    @Test(arguments: [
        SectionMistake(
            "a list that no pattern uses", file: file,
            more: """
                  - {name: a, match: {type: router.function_call.ready, name: [{anything-but: {list: used}}]}, to: out}
                lists:
                  used: [x]
                  spare: [y]

                """,
            rendered: #"""
                routes.yml:10:3: warning: no pattern uses the list `spare`
                   10 |   spare: [y]
                      |   ^
                   help: write `[{list: spare}]` in a `match`, or remove it
                """#, isLoaded: true),
        SectionMistake(
            "a handler that cannot use the events", file: file,
            more: """
                  - {name: a, match: {type: [response.done, error]}, to: [out, tools]}
                  - {name: b, match: {type: [response.done, router.function_call.ready]}, to: tools}
                  - {name: c, match: {name: x}, to: tools}

                """,
            rendered: #"""
                routes.yml:7:64: warning: the handler `tools` cannot use the events of this route: they would be dead letters
                    7 |   - {name: a, match: {type: [response.done, error]}, to: [out, tools]}
                      |                                                                ^
                   help: it takes `router.function_call.ready`
                """#, isLoaded: true),
        SectionMistake(
            "fields that no such event has", file: file,
            more: """
                  - {name: a, match: {type: response.done, response: {statuss: [failed]}, item: {id: x}}, to: out}
                  - {name: b, match: {type: router.utterance.heard, role: user, transcript: x, labels: {any: x}}, to: out}
                  - {name: c, match: {type: [error, router.error.raised], error: {code: x}, class: x, klass: x}, to: out}
                  - {name: d, match: {type: [error, my.own], whatever: x}, to: out}
                  - {name: e, match: {type: response.audio.delta, $or: [{response_id: x}, {respons_id: y}]}, to: out}

                """,
            rendered: #"""
                routes.yml:7:55: warning: `response.done` has no field `response.statuss`
                    7 |   - {name: a, match: {type: response.done, response: {statuss: [failed]}, item: {id: x}}, to: out}
                      |                                                       ^
                   help: did you mean `status`?

                routes.yml:7:75: warning: `response.done` has no field `item`
                    7 |   - {name: a, match: {type: response.done, response: {statuss: [failed]}, item: {id: x}}, to: out}
                      |                                                                           ^

                routes.yml:8:65: warning: `router.utterance.heard` has no field `transcript`
                    8 |   - {name: b, match: {type: router.utterance.heard, role: user, transcript: x, labels: {any: x}}, to: out}
                      |                                                                 ^

                routes.yml:9:84: warning: `class` is never `x`
                    9 |   - {name: c, match: {type: [error, router.error.raised], error: {code: x}, class: x, klass: x}, to: out}
                      |                                                                                    ^
                   help: its values: `benign`, `turn`, `session`, `fatal`

                routes.yml:9:87: warning: none of these event types has a field `klass`
                    9 |   - {name: c, match: {type: [error, router.error.raised], error: {code: x}, class: x, klass: x}, to: out}
                      |                                                                                       ^
                   help: did you mean `class`?

                routes.yml:10:37: warning: unknown event type `my.own`
                   10 |   - {name: d, match: {type: [error, my.own], whatever: x}, to: out}
                      |                                     ^

                routes.yml:11:76: warning: `response.output_audio.delta` has no field `respons_id`
                   11 |   - {name: e, match: {type: response.audio.delta, $or: [{response_id: x}, {respons_id: y}]}, to: out}
                      |                                                                            ^
                   help: did you mean `response_id`?
                """#, isLoaded: true),
    ])
    func lint_warnsAtLocation(_ mistake: SectionMistake) { mistake.check() }

    /// The names of the routes that never fire, each with the earlier route that stops its events.
    private func shadows(_ routes: [String]) -> [String] {
        let text =
            Self.file.replacing("  - {name: calls, to: tools}\n", with: "") + routes.map { "  - \($0)\n" }.joined()
        let (configuration, diagnostics) = load(text)
        #expect(configuration != nil, "\(diagnostics.rendered())")
        return diagnostics.items.map(\.message).filter { $0.contains("never fires") }
    }

    @Test(arguments: [
        "{type: response.done}", "{type: [error, response.done]}", "{type: [{prefix: response.}]}",
        "{type: response.done, response: {status: failed}}", "{response: {status: failed}, type: response.done}",
        "{type: response.done, response: {status: [cancelled, failed]}}", "{response: {status: failed}}",
        "{type: [error, response.done], response: {status: failed}}",
        "{$or: [{type: error}, {type: response.done, response: {status: failed}}]}",
    ])
    func stop_widerPattern_shadowsLaterRoute(earlier: String) {
        let later = "{name: b, match: {type: response.done, response: {status: failed}}, to: out}"
        #expect(
            shadows(["{name: a, match: \(earlier), to: out, stop: true}", later]) == [
                "the route `b` never fires: `a` in line 6 takes all its events, and stops them"
            ])
        #expect(shadows(["{name: a, match: \(earlier), to: out}", later]) == [])
        #expect(shadows(["{name: a, match: \(earlier), to: out, stop: true, once_per: turn}", later]) == [])
        #expect(shadows([later, "{name: a, match: \(earlier), to: out, stop: true}"]) == [])
    }

    @Test(arguments: [
        "{type: error}", "{type: response.done, response: {status: cancelled}}",
        "{type: response.done, response: {status: failed, id: x}}", "{type: [{suffix: .don}]}",
        "{type: response.done, response: {status: failed}, response_id: [{exists: false}]}",
        "{$or: [{type: error}, {type: response.done, response: {status: cancelled}}]}",
    ])
    func stop_otherPattern_doesNotShadow(earlier: String) {
        let later = "{name: b, match: {type: response.done, response: {status: failed}}, to: out}"
        #expect(shadows(["{name: a, match: \(earlier), to: out, stop: true}", later]) == [])
    }

    /// A route without `type` takes the events that its handlers are made for.
    @Test func stop_withoutType_comparesInterests() {
        let all = "{name: a, to: tools, stop: true}"
        #expect(shadows([all, "{name: b, match: {type: router.function_call.ready, name: x}, to: out}"]).count == 1)
        #expect(shadows([all, "{name: b, match: {name: x}, to: tools}"]).count == 1)
        #expect(shadows([all, "{name: b, match: {name: x}, to: [out, tools]}"]) == [])
        #expect(shadows([all, "{name: b, match: {type: [router.function_call.ready, error]}, to: out}"]) == [])
        #expect(shadows([all, "{name: b, match: {name: [{exists: true}]}, stop: true}"]) == [])
        for types in ["[error, router.function_call.ready]", "[{prefix: router.}]"] {
            let drop = "{name: a, match: {type: \(types)}, stop: true}"
            #expect(shadows([drop, "{name: b, to: tools}"]).count == 1)
            #expect(shadows([drop, "{name: b, match: {name: x}, to: tools}"]).count == 1)
            #expect(shadows([drop.replacing("}, stop", with: ", name: x}, stop"), "{name: b, to: tools}"]) == [])
        }
        #expect(shadows(["{name: a, match: {type: error}, stop: true}", "{name: b, to: tools}"]) == [])
        let ofSession = "{name: a, match: {labels: {tenant: test}}, stop: true}"
        #expect(shadows([ofSession, "{name: b, match: {labels: {tenant: test}, type: error}, to: out}"]).count == 1)
        #expect(shadows([ofSession, "{name: b, match: {type: error}, to: out}"]) == [])
        let named = "{name: a, match: {name: x}, to: tools, stop: true}"
        #expect(shadows([named, "{name: b, match: {name: x, type: router.function_call.ready}, to: out}"]).count == 1)
        #expect(shadows([named, "{name: b, match: {name: x, type: error}, to: out}"]) == [])
    }
}
