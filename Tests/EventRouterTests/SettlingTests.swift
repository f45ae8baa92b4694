import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// The report of settled events, by handler.
@Suite(.timeLimit(.minutes(5))) struct SettlingTests {
    private static func x(_ id: Int) -> String { #"{"type": "x", "event_id": "\#(id)"}"# }

    @Test("Each handler has a mark, and ranges of settled events beyond it")
    func settledEvents_haveAMarkForEachHandler() async throws {
        let turnstile = Turnstile(1)
        let all = MemoryHandler()
        let table = try RouteTable(
            handlers: [
                HandlerBinding("slow", turnstile, queue: QueuePolicy(capacity: 2, onFull: .dropNewest)),
                HandlerBinding("all", all),
            ],
            routes: [
                Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["slow"]),
                Route("all", match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["all"]),
            ])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        source.send(#"{"type": "y"}"#)
        source.send(Self.x(2))
        _ = await turnstile.begun.wait(for: 1)
        // `router.session.started` is an event of the session, too.
        let session = try #require(await all.deliveries.wait(for: 3).first).session
        let numbers = all.deliveries.elements.map { "\($0.sequence) \($0.event.type)" }
        for line in [Self.x(3), #"{"type": "y"}"#, Self.x(5), Self.x(6), #"{"type": "y"}"#] { source.send(line) }
        _ = await all.deliveries.wait(for: 8)
        #expect(numbers == ["1 y", "2 router.session.started", "3 x"])
        // Three events are being handled or wait: 3, 4 and 6. The last `x`, 7, was dropped.
        await settle { router.settledEvents(of: session)[1].mark == 8 }
        #expect(router.settledEvents(of: session).map(\.handler) == ["slow", "all"])
        #expect(router.settledEvents(of: session)[0].mark == 2)
        #expect(router.settledEvents(of: session)[0].beyond == [5...5, 7...8])
        for id in [2, 3, 5] {
            _ = await turnstile.begun.wait(for: id == 2 ? 1 : id == 3 ? 2 : 3)
            await turnstile.pass("\(id)")
        }
        await settle { router.settledEvents(of: session)[0].mark == 8 }
        #expect(router.settledEvents(of: session)[0].beyond == [])
        source.end()
        #expect(try await report.handlers[0].counts.dropped == 1)
        await router.stop()
    }

    /// The report comes a moment after the handler has returned.
    private func settle(_ condition: () -> Bool) async {
        while !condition(), !Task.isCancelled { await Task.yield() }
    }
}
