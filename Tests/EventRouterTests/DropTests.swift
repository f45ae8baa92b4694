import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Routes without handlers, which drop events.
@Suite struct DropTests {
    @Test(
        "A route with `stop` and without handlers takes its events: they are counted, not delivered and not unmatched"
    )
    func drop_takesEvents() async throws {
        let (all, rest) = (MemoryHandler(), MemoryHandler())
        let table = try RouteTable(
            handlers: [HandlerBinding("all", all), HandlerBinding("rest", rest)],
            routes: [
                Route("noise", match: try pattern(#"{"type": ["error", "router.session.started"]}"#), stop: true),
                Route("all", match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["all"]),
            ], unmatched: "rest")
        let report = try await run([Wire.event("session.created"), Wire.event("error")], table)
        #expect(all.types.first == "session.created")
        #expect(!all.types.contains("error") && !all.types.contains("router.session.started"))
        #expect(rest.types == [] && report.unmatched == 0)
        #expect(report.routes.map(\.matched).first == 2)
    }

    @Test("A call that is dropped is not run and not answered")
    func drop_ofACall() async throws {
        let calls = Answering()
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls)],
            routes: [
                Route("not this one", match: try pattern(#"{"name": ["f"]}"#), stop: true),
                Route("calls", to: ["calls"]),
            ])
        let report = try await run(Wire.calling(["c1"], in: "r1"), table)
        #expect(calls.taken.elements == [] && report.sent == 0)
    }

    @Test("A route without handlers needs `stop` and a `match`")
    func drop_hasToSayWhat() throws {
        func mistake(_ route: Route) -> String {
            do {
                _ = try RouteTable(handlers: [], routes: [route])
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            mistake(Route("a", match: try pattern(#"{"type": ["error"]}"#)))
                == "error: route `a` names no handler\n   help: add `to: HANDLER`, or `stop: true` to drop its events")
        #expect(
            mistake(Route("a", stop: true)) == """
                error: route `a` has no `match`, and no handler whose events it could take
                   help: say which events it drops: `match: { type: … }`
                """)
        #expect(mistake(Route("a", match: try pattern(#"{"type": ["error"]}"#), stop: true)) == "")
    }
}
