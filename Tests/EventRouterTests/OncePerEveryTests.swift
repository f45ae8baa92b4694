import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// `once_per` by time: counted for the whole router, in event time for recordings and by the clock when live.
@Suite struct OncePerEveryTests {
    private func table(_ oncePer: OncePer, _ handler: MemoryHandler) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("r", match: try pattern(#"{"type": ["error"]}"#), to: ["h"], oncePer: oncePer)])
    }

    private static func error(at: Double, _ tenant: String = "") -> String {
        #"{"at": \#(at), "direction": "server", "event": \#(Wire.event("error", #""tenant": "\#(tenant)""#))}"#
    }

    private func run(_ recordings: [[String]], _ table: RouteTable, labels: [[SessionLabel]] = []) async throws {
        let router = Router(table, clock: ManualClock())
        try await router.start()
        for (index, lines) in recordings.enumerated() {
            _ = try await router.run(ScriptedSource(lines), labels: labels.isEmpty ? [] : labels[index])
        }
        await router.stop()
    }

    @Test("In a recording the interval counts in event time, over all sessions of the source")
    func oncePerEvery_goesByEventTime() async throws {
        let handler = MemoryHandler()
        let created = Wire.event("session.created", #""session": {"id": "s2"}"#)
        try await run(
            [
                [Wire.event("session.created", #""session": {"id": "s1"}"#)]
                    + [0, 100, 299.9].map { Self.error(at: $0) } + [created]
                    + [299.9, 300, 599, 600].map { Self.error(at: $0) }
            ], try table(.every(.seconds(300)), handler))
        #expect(handler.positions == ["2", "7", "9"])
    }

    @Test("Recordings with a known start share intervals; others have separate ones")
    func oncePerEvery_isSharedByDatedRecordings() async throws {
        func recording(_ started: String?) -> [String] {
            let header = started.map { [#"{"recording": 1, "session": "k", "started": "\#($0)"}"#] } ?? [" "]
            return header + [Self.error(at: 0), Self.error(at: 60)]
        }
        let dated = MemoryHandler()
        try await run(
            ["2026-01-31T22:00:00Z", "2026-01-31T22:04:00Z", "2026-01-31T21:00:00Z"].map { recording($0) },
            try table(.every(.seconds(300)), dated))
        #expect(dated.positions == ["2", "3", "2"])
        let undated = MemoryHandler()
        try await run([recording(nil), recording(nil)], try table(.every(.seconds(300)), undated))
        #expect(undated.positions == ["2", "2"])
    }

    @Test("Without times no time passes, so the route fires once")
    func oncePerEvery_withoutTimesFiresOnce() async throws {
        let handler = MemoryHandler()
        try await run([[Wire.event("error"), Wire.event("error")]], try table(.every(.seconds(1)), handler))
        #expect(handler.positions == ["1"])
    }

    @Test("Each value of a field has its own interval; events without the field share one")
    func oncePerEvery_countsByField() async throws {
        let handler = MemoryHandler()
        let lines = [
            Self.error(at: 0, "a"), Self.error(at: 1, "b"), Self.error(at: 2, "a"), Self.error(at: 61, "a"),
            #"{"at": 62, "direction": "server", "event": {"type": "error"}}"#,
            #"{"at": 63, "direction": "server", "event": {"type": "error"}}"#,
        ]
        try await run([lines], try table(.every(.seconds(60), field: ["tenant"]), handler))
        #expect(handler.positions == ["1", "2", "4", "5"])
    }

    @Test("The field may be a label of the session")
    func oncePerEvery_countsByLabel() async throws {
        let handler = MemoryHandler()
        let lines = [#"{"recording": 1, "started": "2026-01-31T22:00:00Z"}"#, Self.error(at: 0), Self.error(at: 1)]
        let labels = ["acme", "other", "acme"].map { [SessionLabel("tenant", $0)] }
        try await run(
            [lines, lines, lines], try table(.every(.seconds(60), field: ["labels", "tenant"]), handler), labels: labels
        )
        #expect(handler.deliveries.elements.map { $0.session.labels.first?.value } == ["acme", "other"])
        let plain = MemoryHandler()
        try await run([lines], try table(.field(["labels", "tenant"]), plain), labels: [labels[0]])
        #expect(plain.positions == ["2"])
    }

    @Test("In live sessions the interval counts by the clock, over all sessions of the router")
    func oncePerEvery_goesByTheClockWhenLive() async throws {
        let handler = MemoryHandler()
        let clock = ManualClock()
        let router = Router(try table(.every(.seconds(300)), handler), clock: clock)
        try await router.start()
        let sources = [ScriptedSource(key: "one"), ScriptedSource(key: "two")]
        let runs = sources.map { source in Task { try await router.run(source) } }
        func send(_ source: Int, after duration: Duration) async {
            clock.advance(by: duration)
            sources[source].send(Wire.event("error"))
            sources[source].send(Wire.event("session.updated"))
        }
        await send(0, after: .zero)
        _ = await handler.deliveries.wait(for: 1)
        await send(1, after: .seconds(299))
        sources[1].end()
        _ = try await runs[1].value
        await send(0, after: .seconds(1))
        _ = await handler.deliveries.wait(for: 2)
        sources[0].end()
        _ = try await runs[0].value
        await router.stop()
        #expect(handler.deliveries.elements.map(\.session.key) == ["one", "one"])
    }
}
