import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Redacted data reaches only the rules and the handlers of function calls.
@Suite(.timeLimit(.minutes(5))) struct RedactionTests {
    /// Removes the field `pin` from events of unknown types, and all of a line that contains the word.
    private struct PINRedactor: EventRedactor {
        func concerns(_ type: EventType.Code) -> Bool { type == .unknown }

        func redact(_ event: inout JSONObject, _ type: EventType.Code) -> Bool {
            guard event["pin"] != nil else { return false }
            event["pin"] = .string(Redaction.mark)
            return true
        }

        func hides(_ path: [String], of type: EventType.Code) -> Bool { path == ["pin"] }

        func mayBeIn(_ line: [UInt8]) -> Bool { String(decoding: line, as: UTF8.self).contains("pin") }
    }

    private let line = #"{"type": "x", "pin": "1234", "a": 1.50}"#
    private let written = #"{"type":"x","pin":"***","a":1.50}"#

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func handlersGetWhatIsLeftAndRulesSeeAll() async throws {
        let (writer, other, taker) = (MemoryHandler(), MemoryHandler(), WholeHandler())
        let table = try RouteTable(
            handlers: [
                HandlerBinding("writer", writer), HandlerBinding("other", other), HandlerBinding("taker", taker),
            ],
            routes: [
                Route("pin", match: try pattern(#"{"pin": ["1234"]}"#), to: ["writer", "taker"]),
                Route("none", match: try pattern(#"{"type": ["y"]}"#), to: ["writer"]),
            ], unmatched: "other", redactors: [PINRedactor()])
        let report = try await run(
            [
                line, #"{"type": "y", "a": 1}"#, #"{"type": "z", "pin": 5}"#,
                #"{"type": "error", "pin": "1234", "b": 2}"#,
            ],
            table)
        #expect(report.routes.map(\.matched) == [2, 1])
        #expect(
            writer.deliveries.elements.map { text($0.event.bytes) } == [
                written, #"{"type": "y", "a": 1}"#, #"{"type": "error", "pin": "1234", "b": 2}"#,
            ], "what has nothing to take out is as it came")
        #expect(other.deliveries.elements.map { text($0.event.bytes) } == [#"{"type":"z","pin":"***"}"#])
        #expect(taker.got.elements.map(text)[0] == line)
    }

    @Test func aHandlersOwnRedactorHoldsForTheOthers() async throws {
        let writer = MemoryHandler()
        let table = try RouteTable(
            handlers: [
                HandlerBinding("writer", writer), HandlerBinding("own", WholeHandler(redactors: [PINRedactor()])),
            ],
            routes: [Route("all", match: try pattern(#"{"type": ["x"]}"#), to: ["writer"])])
        _ = try await run([line], table)
        #expect(writer.deliveries.elements.map { text($0.event.bytes) } == [written])
    }

    @Test func deadLettersHoldNothingOfIt() async throws {
        let letters = MemoryDeadLetters()
        let table = try RouteTable(
            handlers: [HandlerBinding("taker", WholeHandler(fails: true))],
            routes: [Route("all", match: try pattern(#"{"type": ["x"]}"#), to: ["taker"])], deadLetters: letters,
            redactors: [PINRedactor()])
        let broken = #"{"type": "x", "pin": "1234""#
        _ = try await run([line, broken, #"{"a": 1"#, line + String(repeating: " ", count: 100_000) + "x"], table)
        let sorted = letters.letters.elements.sorted { $0.line < $1.line }
        #expect(sorted.map { text($0.bytes) } == [written, "", #"{"a": 1"#, ""])
        #expect(sorted.map(\.isTruncated) == [false, true, false, true])
        #expect(sorted.map(\.length) == [written.utf8.count, broken.utf8.count, 7, line.utf8.count + 100_001])
    }

    @Test(arguments: [
        (
            #"{"type":"session.updated","session":{"tools":[{"type":"mcp","authorization":"t0ken","headers":{"x":"t0ken"}},{"type":"function","parameters":{"headers":1}}],"client_secret":{"value":"t0ken"}}}"#,
            #"{"type":"session.updated","session":{"tools":[{"type":"mcp","authorization":"***","headers":"***"},{"type":"function","parameters":{"headers":1}}],"client_secret":"***"}}"#
        ),
        (
            #"{"type":"session.created","session":{"client_secret":null,"tools":[]}}"#,
            #"{"type":"session.created","session":{"client_secret":null,"tools":[]}}"#
        ),
        (
            #"{"type":"session.updated","session":{"api\u005fkey":"t0ken"}}"#,
            #"{"type":"session.updated","session":{"api_key":"***"}}"#
        ),
        (#"{"type":"session.created","session":{"api_key":"t0ken""#, ""),
        (#"{"type":"session.created""#, #"{"type":"session.created""#),
        (
            #"{"type":"router.x","arguments":{"headers":["a"]}}"#,
            #"{"type":"router.x","arguments":{"headers":["a"]}}"#
        ),
    ])
    func credentialsAreNowhere(_ line: String, _ written: String) async throws {
        let letters = MemoryDeadLetters()
        let table = try RouteTable(
            handlers: [HandlerBinding("taker", WholeHandler(fails: true))],
            routes: [
                Route("all", match: try pattern(#"{"type": [{"prefix": "session."}, "router.x"]}"#), to: ["taker"])
            ], deadLetters: letters)
        _ = try await run([line], table)
        #expect(letters.letters.elements.map { text($0.bytes) } == [written])
    }

    @Test func explanationsDoNotShowIt() async throws {
        let received = Collected<EventExplanation>()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler())],
            routes: [Route("r", match: try pattern(#"{"type": ["x"], "pin": ["9"]}"#), to: ["h"])],
            redactors: [PINRedactor()])
        let router = Router(
            table, options: RouterOptions(isDryRun: true), clock: ManualClock(),
            explaining: ExplanationRequest(.route("r")) { received.append($0) })
        try await router.start()
        _ = try await router.run(ScriptedSource([line]))
        await router.stop()
        let explanation = try #require(received.elements.first)
        #expect(text(explanation.event.bytes) == written)
        guard case .failed(let failure)? = explanation.verdicts.first?.outcome else {
            Issue.record("it fired")
            return
        }
        #expect(failure.values.description == "***")
    }

    @Test("Dead letters contain no sensitive value: not in errors, events, or lines that are not events")
    func secretValue_inDeadLetters() async throws {
        struct Failing: EventHandler, SecretKeeping {
            let secrets = SecretValues([(name: "KEY", value: "sk-12345678")])
            func handle(_ delivery: EventDelivery) async throws {
                throw DeliveryFailure.permanent("refused sk-12345678, got \(delivery.event.json["a"]?.string ?? "")")
            }
        }
        let letters = MemoryDeadLetters()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", Failing())],
            routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])], deadLetters: letters)
        _ = try await run([#"{"type":"x","a":"sk-12345678"}"#, "no JSON sk-12345678"], table)
        let kept = letters.letters.elements.map { "\($0.error) \(String(decoding: $0.bytes, as: UTF8.self))" }
        #expect(kept.contains(#"refused ${KEY}, got ${KEY} {"type":"x","a":"${KEY}"}"#))
        #expect(kept.contains { $0.hasSuffix("no JSON ${KEY}") } && !kept.contains { $0.contains("12345678") })
    }
}

/// A handler that runs calls, and collects its events.
private struct WholeHandler: FunctionCallHandling, SecretKeeping {
    struct Failure: Error {}

    let got = Collected<[UInt8]>()
    var redactors: [any EventRedactor] = []
    var fails = false

    func handle(_ delivery: EventDelivery) async throws {
        got.append(delivery.event.bytes)
        if fails { throw Failure() }
    }
}
