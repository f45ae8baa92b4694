import Testing

/// Warnings about values that a field never has.
@Suite struct ValueLintTests {
    @Test(
        "Operators of other languages inside a text",
        arguments: [
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸"> 500"}"#,
                "`latency_ms` holds a number: the string `> 500` never matches",
                help: #"write `[{numeric: [">", 500]}]`"#),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸">=0.5s"}"#,
                "`latency_ms` holds a number: the string `>=0.5s` never matches",
                help: #"write `[{numeric: [">=", 500]}]`"#),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸500..1000}"#,
                "`latency_ms` holds a number: the string `500..1000` never matches",
                help: #"write `[{numeric: [">=", 500, "<=", 1000]}]`"#),
            DoubtfulMatch(
                #"{type: router.function_call.done, exit_status: ‸"!= 0"}"#,
                "`exit_status` holds a number: the string `!= 0` never matches", help: "write `[{anything-but: 0}]`"),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: ‸"*refund*"}"#,
                "`text` is compared with `*refund*` character by character",
                help: #"write `[{wildcard: "*refund*"}]`, or `[{exactly: "*refund*"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: ‸"%refund%"}"#,
                "`text` is compared with `%refund%` character by character",
                help: #"write `[{wildcard: "*refund*"}]`, or `[{exactly: "%refund%"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: ‸/refund/i}"#,
                "`text` is compared with `/refund/i` character by character",
                help: #"write `[{phrase: refund}]`, or `[{exactly: "/refund/i"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: ‸".*refund.*"}"#,
                "`text` is compared with `.*refund.*` character by character",
                help: #"write `[{regexp: ".*refund.*"}]`, or `[{exactly: ".*refund.*"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: ‸refund|lawyer}"#,
                "`text` is compared with `refund|lawyer` character by character",
                help: #"write `[refund, lawyer]`, or `[{exactly: "refund|lawyer"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: [{anything-but: ‸"*refund*"}]}"#,
                "`text` is compared with `*refund*` character by character",
                help: #"write `[{anything-but: {wildcard: "*refund*"}}]`"#),
            DoubtfulMatch(
                #"{type: error, error: {code: ‸"rate_limit*"}}"#,
                "`error.code` is compared with `rate_limit*` character by character",
                help: #"write `[{prefix: rate_limit}]`, or `[{exactly: "rate_limit*"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.error.raised, class: ‸"!= benign"}"#,
                "`class` is compared with `!= benign` character by character",
                help: #"write `[{anything-but: benign}]`, or `[{exactly: "!= benign"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, role: ‸user or assistant}"#,
                "`role` is compared with `user or assistant` character by character",
                help: #"write `[user, assistant]`, or `[{exactly: "user or assistant"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: router.function_call.ready, arguments: {amount: ‸"> 50"}}"#,
                "`arguments.amount` is compared with `> 50` character by character",
                help: #"write `[{numeric: [">", 50]}]`, or `[{exactly: "> 50"}]` for these characters"#),
            DoubtfulMatch(
                #"{type: [{prefix: response.}], some_field: ‸"*x*"}"#,
                "`some_field` is compared with `*x*` character by character",
                help: #"write `[{wildcard: "*x*"}]`, or `[{exactly: "*x*"}]` for these characters"#),
        ])
    func operatorInText_isReported(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "Values of another type than the field's",
        arguments: [
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸500ms}"#,
                "`latency_ms` holds a number: the string `500ms` never matches", help: "write the number of ms: `500`"),
            DoubtfulMatch(
                #"{type: rate_limits.updated, rate_limits: {reset_seconds: ‸2m}}"#,
                "`rate_limits.reset_seconds` holds a number: the string `2m` never matches",
                help: "write the number of seconds: `120`"),
            DoubtfulMatch(
                #"{type: rate_limits.updated, rate_limits: {reset_seconds: ‸"> 2m"}}"#,
                "`rate_limits.reset_seconds` holds a number: the string `> 2m` never matches",
                help: #"write `[{numeric: [">", 120]}]`"#),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸"500"}"#,
                "`latency_ms` holds a number: the string `500` never matches", help: "leave out the quotes: `500`"),
            DoubtfulMatch(
                #"{type: router.turn.done, interrupted: ‸"yes"}"#,
                "`interrupted` holds true or false: the string `yes` never matches", help: "write `true`"),
            DoubtfulMatch(
                #"{type: router.turn.done, interrupted: ‸0}"#,
                "`interrupted` holds true or false: the number `0` never matches", help: "write `false`"),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: ‸null}"#,
                "the router leaves `latency_ms` out where it has no value, and never writes null",
                help: "write `[{exists: false}]`"),
            DoubtfulMatch(
                #"{type: response.done, response: {status: ‸5}}"#,
                "`response.status` holds a string: the number `5` never matches", help: #"write `"5"`"#),
            DoubtfulMatch(
                #"{type: response.done, labels: {tenant: ‸5}}"#,
                "the label `tenant` is a string, so the number `5` never matches", help: #"quote it: `"5"`"#),
            DoubtfulMatch(
                #"{type: response.done, response: ‸failed}"#,
                "`response` holds fields: the string `failed` never matches", help: "write `response: {status: failed}`"
            ),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: [{anything-but: ‸"5"}]}"#,
                "`latency_ms` holds a number: `anything-but` with the string `5` excludes nothing",
                help: "leave out the quotes: `5`"),
            DoubtfulMatch(
                #"{$or: [{type: router.turn.done, turn: ‸one}, {type: error}]}"#,
                "`turn` holds a number: the string `one` never matches",
                help: #"compare it with a number: `[{numeric: [">", 500]}]`"#),
        ])
    func wrongType_isReported(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "Words that are not among a field's values",
        arguments: [
            DoubtfulMatch(
                #"{type: router.utterance.heard, role: ‸caller}"#, "`role` is never `caller`",
                help: "its values: `user`, `assistant`"),
            DoubtfulMatch(
                #"{type: router.utterance.heard, status: ‸faild}"#, "`status` is never `faild`",
                help: "did you mean `failed`? its values: `completed`, `interrupted`, `failed`, `incomplete`"),
            DoubtfulMatch(
                #"{type: [{prefix: router.utterance.}], role: [user, {anything-but: ‸agent}]}"#,
                "`role` is never `agent`", help: "its values: `user`, `assistant`"),
            DoubtfulMatch(
                #"{type: router.turn.stalled, after: [{exactly: ‸tool}]}"#, "`after` is never `tool`",
                help: "its values: `speech`, `call`"),
            DoubtfulMatch(
                #"{type: response.done, response: {status: ‸faild}}"#,
                "`faild` is not a known value of `response.status`",
                help: "did you mean `failed`? if not, write `[{exactly: faild}]`"),
            DoubtfulMatch(
                #"{type: [{prefix: response.}], response: {status: ‸faild}}"#,
                "`faild` is not a known value of `response.status`",
                help: "did you mean `failed`? if not, write `[{exactly: faild}]`"),
            DoubtfulMatch(
                #"{type: router.response.done, status: ‸canceled}"#, "`canceled` is not a known value of `status`",
                help: "did you mean `cancelled`? if not, write `[{exactly: canceled}]`"),
            DoubtfulMatch(
                #"{type: response.done, response: {id: ‸completed}}"#,
                "`response.id` is an id, and `completed` a value of `status`", help: "write `status: completed`"),
        ])
    func unknownWord_isReported(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "Names of functions that the file does not have",
        arguments: [
            DoubtfulMatch(
                "{name: ‸get_wether}", "the handler `tools` has no function `get_wether`",
                help: "did you mean `get_weather`?", to: "tools"),
            DoubtfulMatch(
                "{type: router.function_call.ready, name: ‸pay}", "the handler `tools` has no function `pay`",
                help: "functions: `get_weather`, `roll_dice`", to: "tools"),
            DoubtfulMatch(
                "{type: router.function_call.done, name: ‸get_wether}",
                "no handler of this file has a function `get_wether`",
                help: "did you mean `get_weather`? if not, write `[{exactly: get_wether}]`"),
            DoubtfulMatch(
                "{type: router.function_call.done, call_id: ‸get_weather}",
                "`call_id` is an id, and `get_weather` a value of `name`", help: "write `name: get_weather`"),
        ])
    func functionName_isReported(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "Operators that match no value of the field",
        arguments: [
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: [{‸prefix: "5"}]}"#,
                "`latency_ms` holds a number: `prefix` never matches", help: #"write `[{numeric: [">", 500]}]`"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: [{‸numeric: [">", 5]}]}"#,
                "`text` holds a string: `numeric` never matches",
                help: "write the text itself, or `[{prefix: text}]`"),
            DoubtfulMatch(
                #"{type: router.turn.done, latency_ms: [{anything-but: {‸prefix: "5"}}]}"#,
                "`latency_ms` holds a number: `anything-but` with `prefix` excludes nothing",
                help: #"write `[{numeric: [">", 500]}]`"#),
            DoubtfulMatch(
                #"{type: router.utterance.heard, role: [‸{prefix: ag}]}"#, "no value of `role` satisfies this `prefix`",
                help: "its values: `user`, `assistant`"),
            DoubtfulMatch(
                #"{type: error, error: [{‸exists: true}]}"#,
                "`exists` asks for a plain value, and `error` holds fields",
                help: "ask for one of them: `error: {type: [{exists: true}]}`"),
            DoubtfulMatch(
                #"{type: error, error: {code: [{prefix: ‸"rate_limit*"}]}}"#,
                "a star in `prefix` is a plain character", help: "leave it out: `rate_limit`"),
            DoubtfulMatch(
                #"{type: router.utterance.heard, text: [{wildcard: ‸refund}]}"#,
                "a `wildcard` without `*` matches only this text",
                help: #"write `"*refund*"` to match it anywhere in the text"#
            ),
        ])
    func operator_isReported(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "What can be right is left alone",
        arguments: [
            "{type: router.turn.done, latency_ms: [{numeric: ['>', 500]}, {exists: false}], interrupted: true}",
            "{type: router.utterance.heard, text: [{exactly: '*refund*'}, {phrase: 'refund*'}, '5 * 3', '50%', 'Refund!']}",
            "{type: response.done, response: {status: [expired, {exactly: faild}], status_details: unimplemented}}",
            "{type: response.done, response: {voice: {name: ara}, conversation_id: null, max_output_tokens: inf}}",
            "{type: session.created, session: {voice: ara, turn_detection: {type: [azure_semantic_vad, none]}}}",
            "{type: error, error: {code: rate_limit_exceeded, param: session.audio}, labels: {tenant: acme}}",
            "{type: conversation.item.done, item: {role: [tool, developer, agent], content: {transcript: null}}}",
            "{type: input_audio_buffer.dtmf_event_received, event: ['*', '#', '5']}",
            "{type: router.function_call.ready, arguments: {city: Lisbon, n: 5, ok: true, in: {any: null}}}",
            "{type: router.error.raised, cause: [evt_1, 12], code: session_expired}",
            "{type: [{prefix: response.}], whatever: 5, response: {status: done}}",
        ])
    func possibleValue_isNotReported(match: String) {
        #expect(DoubtfulMatch.reported("  - {name: a, match: \(match), to: out}") == "")
    }

    @Test("A handler may be given all calls but those of another's function")
    func negatedFunctionName_isNotReported() {
        let match = "{type: router.function_call.ready, name: [{anything-but: transfer}]}"
        #expect(DoubtfulMatch.reported("  - {name: a, match: \(match), to: tools}") == "")
    }

    @Test("A list is checked where it stands; a field takes what has its type")
    func list_isCheckedByElement() {
        let routes = """
              - {name: a, match: {type: router.utterance.heard, role: [{list: roles}]}, to: out}
              - {name: b, match: {type: error, error: {code: [{list: mixed}]}}, to: out}
            lists: {mixed: [x, 5], roles: [user, caller]}
            """
        #expect(
            DoubtfulMatch.reported(routes) == """
                routes.yml:9:38: warning: `role` is never `caller`
                    9 | lists: {mixed: [x, 5], roles: [user, caller]}
                      |                                      ^
                   help: its values: `user`, `assistant`
                """)
    }
}
