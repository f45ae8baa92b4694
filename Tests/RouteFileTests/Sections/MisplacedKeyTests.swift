import ConfigSource
import EventRouter
import RouteFile
import Testing

/// Misplaced keys, and values in the syntax of other languages. The help names the right place or syntax.
@Suite struct MisplacedKeyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// The last line of the file, with `‸` before the place of the caret.
        let line: String
        var severity = "error"
        let message: String
        let help: String?
        var testDescription: String { line }

        init(_ line: String, _ message: String, help: String? = nil) {
            (self.line, self.message, self.help) = (line, message, help)
        }

        static func warning(_ line: String, _ message: String, help: String? = nil) -> Case {
            var it = Case(line, message, help: help)
            it.severity = "warning"
            return it
        }

        func check() {
            #expect(
                DoubtfulMatch.reported(line.replacing("‸", with: ""))
                    == DoubtfulMatch.rendered(line, severity, message, help))
        }
    }

    @Test(
        "Keys at the top of the file",
        arguments: [
            Case(
                "‸redact: [{kind: card}]", "unknown key `redact`",
                help: "put it under `privacy`: `privacy: {redact: [{kind: card}]}`"),
            Case("‸keep: 90d", "unknown key `keep`", help: "put it under `privacy`: `privacy: {keep: 90d}`"),
            Case(
                "‸functions: {}", "unknown key `functions`", help: "put it under a handler of the type `function_call`"),
            Case("‸prices: []", "unknown key `prices`", help: "put it under a handler of the type `metrics`"),
            Case("‸list: {}", "unknown key `list`", help: "did you mean `lists`?"),
        ])
    func fileKey_namesItsPlace(_ it: Case) { it.check() }

    @Test(
        "Keys of a route",
        arguments: [
            Case(
                "  - {name: a, ‸type: response.done, to: out}", "unknown key `type`",
                help: "put it under `match`: `match: {type: response.done}`"),
            Case(
                "  - {name: a, match: {type: error}, ‸role: user, to: out}", "unknown key `role`",
                help: "put it under `match`: `match: {role: user}`"),
            Case(
                "  - {name: a, match: {type: error}, ‸labels: {tenant: x}, to: out}", "unknown key `labels`",
                help: "put it under `match`: `match: {labels: {tenant: acme}}`"),
            Case(
                "  - {name: a, ‸type: error, stop: true}", "unknown key `type`",
                help: "put it under `match`: `match: {type: error}`"),
            Case(
                "  - {name: a, match: {type: error}, ‸handler: out}", "unknown key `handler`",
                help: "did you mean `to`?"),
            Case(
                "  - {name: a, match: {type: error}, ‸every: 5m, to: out}", "unknown key `every`",
                help: "put it under `once_per`: `once_per: {every: 5m}`"),
            Case(
                "  - {name: a, match: {type: error}, ‸days: [mon], to: out}", "unknown key `days`",
                help: "put it under `when`: `when: {days: …}`"),
        ])
    func routeKey_namesItsPlace(_ it: Case) { it.check() }

    @Test(
        "Keys of a route and labels inside its match",
        arguments: [
            .warning(
                "  - {name: a, match: {type: error, ‸when: {days: [mon], timezone: UTC}}, to: out}",
                "`error` has no field `when`", help: "a route has `when` beside `match`, not in it"),
            .warning(
                "  - {name: a, match: {type: error, ‸once_per: session}, to: out}",
                "`error` has no field `once_per`", help: "a route has `once_per` beside `match`, not in it"),
            .warning(
                "  - {name: a, match: {type: error, ‸match: {code: x}}, to: out}",
                "`error` has no field `match`", help: "leave out `match:`; the pattern is what is under it"),
            .warning(
                "  - {name: a, match: {type: response.done, ‸tenant: acme}, to: out}",
                "`response.done` has no field `tenant`",
                help: "for a label of the session write `labels: {tenant: acme}`"),
            .warning(
                "  - {name: a, match: {‸tenant: [acme]}, to: tools}",
                "`router.function_call.ready` has no field `tenant`",
                help:
                    "for an argument of the call write `arguments: {tenant: acme}`; for a label of the session write `labels: {tenant: acme}`"
            ),
            Case(
                "  - {name: a, match: {‸or: [{type: error}, {type: response.done}]}, to: out}", "there is no `or`",
                help: "did you mean `$or`?"),
            Case(
                "  - {name: a, match: ‸[{type: error}, {type: response.done}], to: out}",
                "a pattern is a mapping of fields, not a list",
                help: "if one of several patterns has to match, write `$or: [{…}, {…}]`"),
            Case(
                "  - {name: a, match: ‸[error, response.done], to: out}",
                "a pattern is a mapping of fields, not a list",
                help: "write the types under `type`: `type: [error, response.done]`"),
            Case(
                "  - {name: a, match: ‸response.done, to: out}", "a pattern is a mapping of fields, not a string",
                help: "write a field and what it may be: `type: response.done`"),
        ])
    func matchKey_namesItsPlace(_ it: Case) { it.check() }

    @Test(
        "The privacy of a file and of a function",
        arguments: [
            Case(
                "privacy: {redact: [‸card]}", "an entry of `redact` must be a mapping, and this is the string `card`",
                help: "write `{kind: card}`"),
            Case(
                "privacy: {redact: [‸emial]}", "an entry of `redact` must be a mapping, and this is the string `emial`",
                help: "write `{kind: email}`"),
            Case(
                "privacy: {redact: [‸pin]}", "an entry of `redact` must be a mapping, and this is the string `pin`",
                help: "write `{field: pin}`"),
            Case(
                "privacy: {redact: [{kind: [email, ‸fax]}]}",
                "each element of `kind` must be `card`, `email`, `phone` or `iban`, and this is `fax`"),
            Case("privacy: {redact: [{kind: ‸[]}]}", "`kind` is empty"),
            Case(
                "privacy: {redact: [{kind: ‸phon}]}",
                "`kind` must be `card`, `email`, `phone` or `iban`, and this is `phon`",
                help: "did you mean `phone`?"),
            Case(
                "privacy: {keep: ‸30}",
                "`keep` must be a duration such as `24h` or `30d`, and `30` has no unit",
                help: "add a unit: `30d` or `30h`"),
            Case(
                "privacy: {keep: ‸1w}", "`keep` must be a duration such as `24h` or `30d`, and this is `1w`",
                help: "write `7d`"),
        ])
    func privacy_namesTheForm(_ it: Case) { it.check() }

    @Test("Several kinds may be in one entry")
    func kinds_inOneEntry() throws {
        let (configuration, diagnostics) = load(SectionMistake.base + "privacy: {redact: [{kind: [email, phone]}]}\n")
        #expect(diagnostics.rendered() == "")
        let redaction = try #require(configuration).table.redaction
        #expect(
            redaction.redacted("a@b.example, +44 20 7946 0958, 4111 1111 1111 1111") == "***, ***, 4111 1111 1111 1111")
    }
}
