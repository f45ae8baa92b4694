import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A source that continues with another session: each event belongs to its own session.
@Suite struct SessionRenewalTests {
    private static func created(_ id: String) -> String {
        Wire.event("session.created", "\"session\": {\"id\": \"\(id)\"}")
    }

    @Test func theEndOfAReplacedSessionBelongsToThatSession() async throws {
        let handler = MemoryHandler(interests: [.sessionCreated, .routerSessionStarted, .routerSessionEnded])
        let table = try RouteTable(handlers: [HandlerBinding("h", handler)], routes: [Route("all", to: ["h"])])
        let report = try await run([Self.created("s1"), Self.created("s2")], table)
        #expect(
            handler.deliveries.elements.map { "\($0.event.type) \($0.session.key) \($0.session.sessionID ?? "-")" } == [
                "session.created test s1", "router.session.started test s1", "session.created test#2 s2",
                "router.session.ended test s1", "router.session.started test#2 s2", "router.session.ended test#2 s2",
            ])
        #expect(report.sessions == 2)
    }

    @Test func whatAReplacedSessionUsedUpIsNotUsedUpInTheNext() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route(
                    "either", match: try pattern(#"{"type": ["router.session.started", "router.session.ended"]}"#),
                    to: ["h"], oncePer: .session)
            ])
        _ = try await run([Self.created("s1"), Self.created("s2")], table)
        #expect(handler.types == ["router.session.started", "router.session.started"])
        #expect(handler.deliveries.elements.map(\.session.key) == ["test", "test#2"])
    }

    @Test func aCallThatOutlivesItsSessionIsStillThatSessions() async throws {
        let release = Collected<Void>()
        let calls = Answering { call in
            _ = await release.wait(for: 1)
            return FunctionCallOutcome(done: call)
        }
        let watcher = MemoryHandler(interests: [.routerSessionStarted, .routerFunctionCallDone])
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls), HandlerBinding("watcher", watcher)],
            routes: [Route("calls", to: ["calls"]), Route("watch", to: ["watcher"])])
        async let report = run([Self.created("s1")] + Wire.calling(["c1"], in: "r1") + [Self.created("s2")], table)
        _ = await watcher.deliveries.wait(for: 2)
        release.append(())
        _ = try await report
        #expect(
            watcher.deliveries.elements.map { "\($0.event.type) \($0.session.key)" } == [
                "router.session.started test", "router.session.started test#2", "router.function_call.done test",
            ])
    }

    @Test func aSourceWithoutAnEventHasNoSession() async throws {
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler(interests: [.error]))], routes: [Route("all", to: ["h"])])
        #expect(try await run([], table).sessions == 0)
        #expect(try await run(["not JSON"], table).sessions == 0)
        #expect(try await run([Wire.event("ping")], table).sessions == 1)
    }

    @Test func theSessionKnowsItsDialect() async throws {
        let handler = MemoryHandler(interests: [.routerSessionStarted])
        let table = try RouteTable(handlers: [HandlerBinding("h", handler)], routes: [Route("all", to: ["h"])])
        _ = try await run([Self.created("s1")], table, options: RouterOptions(dialect: .translation))
        let started = try handler.deliveries.elements[0].event.decode(SessionStarted.self)
        #expect(started.kind == "translation")
    }

    @Test("A session that the server declares a translation needs no option")
    func dialect_isWhatTheSessionSays() async throws {
        let handler = MemoryHandler(interests: [.sessionCreated, .routerUtteranceDone])
        let table = try RouteTable(handlers: [HandlerBinding("h", handler)], routes: [Route("all", to: ["h"])])
        _ = try await run(
            [
                Wire.event("session.created", #""session": {"id": "s1", "type": "translation"}"#),
                Wire.event("session.output_transcript.delta", #""delta": "Hello.""#),
            ], table)
        let events = handler.deliveries.elements.map(\.event)
        #expect(events.map(\.dialect) == [.translation, .translation])
        #expect(try events[1].decode(Utterance.self).text == "Hello.")
    }
}
