import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// `labels` in a pattern: the session's, for wire events and derived ones alike.
@Suite struct LabelTests {
    private static let lines = [
        Wire.event("session.created", #""session": {"id": "s1"}"#), Wire.event("error"),
        Wire.event("session.created", #""session": {"id": "s2"}"#), Wire.event("error"),
    ]

    private func types(_ pattern: String, _ labels: [SessionLabel]) async throws -> [String] {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("r", match: try EventRouterTests.pattern(pattern), to: ["h"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        _ = try await router.run(ScriptedSource(Self.lines), labels: labels)
        await router.stop()
        return handler.types
    }

    @Test("Labels apply to wire and derived events of all sessions of a source")
    func labels_matchWireAndDerivedEvents() async throws {
        let acme = [SessionLabel("tenant", "acme")]
        let wire = #"{"type": ["error"], "labels": {"tenant": ["acme"]}}"#
        #expect(try await types(wire, acme) == ["error", "error"])
        #expect(try await types(wire, [SessionLabel("tenant", "other")]) == [])
        #expect(try await types(wire, []) == [])
        #expect(try await types(wire, [SessionLabel("tenant", "other")] + acme) == ["error", "error"])
        let derived = #"{"type": ["router.session.started"], "labels": {"tenant": ["acme"]}}"#
        #expect(try await types(derived, acme) == ["router.session.started", "router.session.started"])
        #expect(try await types(derived, []) == [])
        let none = #"{"type": ["error", "router.error.raised"], "labels": {"tenant": [{"exists": false}]}}"#
        #expect(try await types(none, acme) == [])
        #expect(try await types(none, []).count == 4)
    }

    @Test("The explanation of a route whose labels do not match contains the session's label")
    func labels_areExplained() async throws {
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler())],
            routes: [
                Route("acme", match: try pattern(#"{"type": ["error"], "labels": {"tenant": ["acme"]}}"#), to: ["h"]),
                Route(
                    "secret", match: try pattern(#"{"labels": {"card": ["1"]}, "type": ["error"]}"#), to: ["h"]),
                Route("other", match: try pattern(#"{"type": ["error"], "labels": {"region": ["eu"]}}"#), to: ["h"]),
            ], redactors: [PrivacyRedactor(patterns: [], fields: ["card"])])
        let received = Collected<EventExplanation>()
        let router = Router(
            table, options: RouterOptions(isDryRun: true), clock: ManualClock(),
            explaining: ExplanationRequest(.event(EventPosition(line: 2))) { received.append($0) })
        try await router.start()
        let report = try await router.run(
            ScriptedSource(Self.lines), labels: [SessionLabel("tenant", "other"), SessionLabel("card", "4111")])
        await router.stop()
        let failures = try #require(received.elements.first).verdicts.map { verdict in
            guard case .failed(let failed) = verdict.outcome else { return "" }
            return "\(failed.condition.field) \(failed.condition.isOnSession) \(failed.values) \(failed.held)"
        }
        #expect(
            failures == [
                #"labels.tenant true "other" 1"#, "labels.card true *** 0", "labels.region true absent 1",
            ])
        #expect(report.explanations.map(\.missed) == [2, 2, 2])
    }
}
