import ConfigSource
import EventRouter
import RouteFile
import Testing

/// Runs of the tests of a routes.yml, and the text of their results.
@Suite struct RouteTestRunTests {
    static let rules = """
        version: 1
        handlers:
          said: {type: transcript, output: t.jsonl}
          tools: {type: function_call}
          page: {type: console}
          log: {type: console}
        routes:
          - {name: everything said, to: said}
          - {name: calls, to: tools}
          - name: refunds
            match: {type: router.utterance.heard, role: user, text: [{phrase: refund}]}
            once_per: session
            to: [page, log]
          - {name: each turn, match: {type: router.utterance.heard}, once_per: turn, to: log}
          - {name: failures, match: {type: response.done, response: {status: [failed]}}, stop: true, to: page}
          - {name: responses, match: {type: response.done}, to: log}
          - {name: audio, match: {type: response.output_audio.delta}, to: log}
          - {name: of acme, match: {type: error, labels: {tenant: acme}}, to: log}
        unmatched: {to: log}
        tests:

        """

    struct Case: Sendable, CustomTestStringConvertible {
        let test: String
        let rendered: String
        var testDescription: String { test }
    }

    @Test(arguments: cases)
    func routeTest_rendersResult(_ testCase: Case) async throws {
        let (configuration, diagnostics) = load(Self.rules + "  - {name: it, \(testCase.test)}\n")
        #expect(diagnostics.rendered() == "")
        let loaded = try #require(configuration)
        #expect(await loaded.run(loaded.tests[0]).rendered() == testCase.rendered)
    }

    private static let refund = "{type: router.utterance.heard, role: user, text: A refund!, turn: 1}"

    private static let later = "{type: router.utterance.heard, role: user, text: A refund!, turn: 2}"

    static let cases: [Case] = [
        Case(test: "event: \(refund), routes: [refunds, each turn], handlers: [page, log]", rendered: "ok      it"),
        // A route without `match` takes its handler's interests, and a call goes to one handler.
        Case(test: "event: {type: router.utterance.done}, routes: [everything said]", rendered: "ok      it"),
        Case(test: "event: {type: router.function_call.ready}, handlers: [tools]", rendered: "ok      it"),
        // `stop`.
        Case(
            test: "event: {type: response.done, response: {status: failed}}, routes: [failures], handlers: [page]",
            rendered: "ok      it"),
        // A beta name, in an envelope.
        Case(
            test: "event: {at: 1.5, direction: server, event: {type: response.audio.delta}}, routes: [audio]",
            rendered: "ok      it"),
        // `once_per`.
        Case(test: "events: [\(refund), \(refund)], routes: [refunds, each turn]", rendered: "ok      it"),
        // A derived event belongs to the turn in its `turn` field.
        Case(
            test: "events: [\(refund), \(refund), \(later)], routes: [refunds, each turn, each turn]",
            rendered: "ok      it"),
        Case(
            test: "event: {type: session.updated}, routes: [], handlers: [log], unmatched: true",
            rendered: "ok      it"),
        // Events derived from one event do not count; events derived from several events do.
        Case(test: "event: \(item), routes: [], unmatched: true", rendered: "ok      it"),
        Case(test: "events: [\(item)], routes: [refunds, each turn, everything said]", rendered: "ok      it"),
        Case(
            test: "event: \(refund), routes: [calls, refunds]",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        routes (- expected, + fired)
                          - calls
                            refunds
                          + each turn
                """),
        Case(
            test: "events: [\(refund), {type: response.done}], routes: [], handlers: [page, log]",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        routes (- expected, + fired)
                          + refunds (1 router.utterance.heard)
                          + each turn (1 router.utterance.heard)
                          + responses (2 response.done)
                        handlers (- expected, + reached)
                            page
                            log
                          + log (2 response.done)
                """),
        Case(
            test: "event: {type: response.done}, unmatched: true",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        expected that no route takes it (+ fired)
                          + responses
                """),
        Case(
            test: "event: {type: error}, labels: {tenant: acme}, routes: [of acme]", rendered: "ok      it"),
        Case(
            test: "event: {type: error}, routes: [of acme]",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        routes (- expected, + fired)
                          - of acme
                        help: the route `of acme` asks for the label `tenant`: give the test labels, `labels: {tenant: …}`
                """),
        Case(
            test: "event: {type: error}, labels: {tenant: other}, routes: [of acme]",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        routes (- expected, + fired)
                          - of acme
                """),
        Case(
            test: "event: {type: error}, unmatched: false",
            rendered: """
                FAILED  it
                        routes.yml:21:5
                        expected that a route takes it, and none does
                """),
    ]

    /// Typed text, from which a finished utterance is derived.
    private static let item =
        "{type: conversation.item.added, item: {id: i, type: message, role: user, status: completed, "
        + "content: [{type: input_text, text: A refund}]}}"
}
