import ConfigSource
import RouteFile
import Testing

/// Warnings about unknown fields and event types, with suggestions.
@Suite struct FieldLintTests {
    @Test(
        "Fields that stand elsewhere, or have another name",
        arguments: [
            DoubtfulMatch(
                "{type: router.turn.done, ‸latency: 5}", "`router.turn.done` has no field `latency`",
                help: "did you mean `latency_ms`?"),
            DoubtfulMatch(
                "{type: error, ‸code: session_expired}", "`error` has no field `code`",
                help: "write `error: {code: session_expired}`"),
            DoubtfulMatch(
                "{type: response.done, ‸response.status: failed}", "`response.done` has no field `response.status`",
                help: "write `response: {status: failed}`"),
            DoubtfulMatch(
                "{type: response.done, ‸$.response.usage.total_tokens: 5}",
                "`response.done` has no field `$.response.usage.total_tokens`",
                help: "write `response: {usage: {total_tokens: …}}`"),
            DoubtfulMatch(
                "{type: router.response.done, ‸response: {status: failed}}",
                "`router.response.done` has no field `response`",
                help: "the events have `status` themselves: write `status: …`"),
            DoubtfulMatch(
                "{type: router.utterance.heard, ‸speaker: user}", "`router.utterance.heard` has no field `speaker`",
                help: "write `role: user`"),
            DoubtfulMatch(
                "{‸city: Lisbon}", "`router.function_call.ready` has no field `city`",
                help:
                    "for an argument of the call write `arguments: {city: Lisbon}`; for a label of the session write `labels: {city: Lisbon}`",
                to: "tools"),
            DoubtfulMatch(
                "{$or: [{type: error}, {type: response.done}], ‸respons: {status: failed}}",
                "none of these event types has a field `respons`", help: "did you mean `response`?"),
            DoubtfulMatch(
                "{type: router.turn.done, latency_ms: {‸gt: 500}}", "`latency_ms` holds a number, and no field `gt`",
                help: #"write `[{numeric: [">", 500]}]`"#),
            DoubtfulMatch(
                "{type: router.utterance.heard, text: {‸$regex: refund}}",
                "`text` holds a string, and no field `$regex`",
                help: "write `[{regexp: refund}]`"),
            DoubtfulMatch(
                "{type: router.function_call.ready, arguments: {amount: {‸gte: 50}}}",
                "`gte` is taken for a field inside `arguments.amount`", help: #"write `[{numeric: [">=", 50]}]`"#),
        ])
    func unknownField_namesWhatIsMeant(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "Event types by a part of their name, and with operators in them",
        arguments: [
            DoubtfulMatch(
                "{type: ‸function_call.ready}", "unknown event type `function_call.ready`",
                help: "did you mean `router.function_call.ready`?"),
            DoubtfulMatch(
                "{type: ‸response}", "unknown event type `response`",
                help: "for all types that begin so write `[{prefix: response.}]`"),
            DoubtfulMatch(
                "{type: ‸response.*}", "unknown event type `response.*`", help: "write `[{prefix: response.}]`"),
            DoubtfulMatch(
                "{type: ‸response.done|error}", "unknown event type `response.done|error`",
                help: "write `[response.done, error]`"),
        ])
    func unknownType_namesWhatIsMeant(_ doubt: DoubtfulMatch) { doubt.check() }

    @Test(
        "The field of once_per",
        arguments: [
            ("router.utterance.heard", "tenant", "for a label of the session write `field: labels.tenant`"),
            ("error", "tenant", "for a label of the session write `field: labels.tenant`"),
            ("router.utterance.heard", "item", "did you mean `item_id`?"),
            ("response.done", "[response.id]", "write `field: response.id`"),
        ])
    func oncePer_needsAField(type: String, field: String, help: String) {
        let line = "  - {name: a, match: {type: \(type)}, once_per: {field: ‸\(field)}, to: out}"
        let name = field.filter { !"[]".contains($0) }
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(line, "warning", "`\(type)` has no field `\(name)`", help))
    }

    @Test func oncePer_needsAFieldWithValues() {
        let line = "  - {name: a, match: {type: response.done}, once_per: {field: ‸response}, to: out}"
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(
                    line, "warning", "`response` holds fields, and `once_per` counts the values of one",
                    "write `field: response.id`"))
    }

    @Test(arguments: [
        ("once: session", "unknown key `once`", "did you mean `once_per`?")
    ])
    func unknownKey_namesTheNearest(key: String, message: String, help: String) {
        let line = "  - {name: a, match: {type: error}, ‸\(key), to: out}"
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(line, "error", message, help))
    }

    @Test(
        "Events of tests that never come",
        arguments: [
            (
                "{type: router.turn.done, latency_ms: ‸fast}",
                "`latency_ms` holds a number, so an event with the string `fast` never comes", "write a number"
            ),
            (
                #"{type: router.turn.done, interrupted: ‸"yes"}"#,
                "`interrupted` holds true or false, so an event with the string `yes` never comes", "write `true`"
            ),
            (
                "{type: router.turn.done, ‸latency: 5}", "`router.turn.done` has no field `latency`",
                "did you mean `latency_ms`?"
            ),
            (
                "{type: router.utterance.heard, role: ‸caller}", "`role` is never `caller`",
                "its values: `user`, `assistant`"
            ),
            (
                "{type: response.done, response: {status: ‸faild}}",
                "`faild` is not a known value of `response.status`",
                "did you mean `failed`?"
            ),
            (
                "{direction: server, event: {type: error, error: {code: ‸5}}}",
                "`error.code` holds a string, so an event with the number `5` never comes", #"write `"5"`"#
            ),
        ])
    func testEvent_thatNeverComesIsReported(event: String, message: String, help: String) {
        let line = "tests: [{name: a, event: \(event), unmatched: false}]"
        #expect(
            DoubtfulMatch.reported(line.replacing("‸", with: ""))
                == DoubtfulMatch.rendered(line, "warning", message, help))
    }

    @Test(arguments: [
        "{type: error, error: {code: null, more: 5}, extra: x}", "{type: my.own, latency_ms: fast}", "{}",
        "{type: response.done, response: {status: odd, status_details: unimplemented, usage: null}}",
        "{type: router.utterance.heard, text: '*', labels: {tenant: acme}}",
    ])
    func testEvent_thatMayComeIsNotReported(event: String) {
        let reported = DoubtfulMatch.reported("tests: [{name: a, event: \(event), unmatched: false}]")
        #expect(!reported.contains("never comes") && !reported.contains("value") && !reported.contains("field"))
    }
}
