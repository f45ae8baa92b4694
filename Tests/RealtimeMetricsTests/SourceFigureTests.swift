import EventRouter
import RealtimeMetrics
import RouterTesting
import Testing

/// The metrics that sources count themselves, and their numbers of sessions.
@Suite struct SourceFigureTests {
    /// A source that counts, and keeps a session open until the test ends it.
    private struct Counting: SessionSource {
        let name = "counting"
        let isLive = true
        let opened = Collected<AttachedSession>()
        let count: @Sendable (SourceMetrics) -> Void

        func run(_ context: SourceContext) async throws {
            count(context.figures)
            let session = try context.open(SessionDescription(key: "s", source: name))
            opened.append(session)
            _ = await session.waitForEnd()
        }
    }

    private func lines(_ text: PrometheusText) -> [String] {
        text.text.split(separator: "\n").map(String.init).filter { $0.contains("realtime_router_source_") }
    }

    /// The text of the sources' metrics, while they run and afterwards.
    private func texts(
        _ names: [String], _ count: @escaping @Sendable (SourceMetrics) -> Void
    ) async throws -> (running: [String], ended: [String]) {
        let text = PrometheusText()
        let clock = ManualClock()
        let meter = MetricsHandler(sinks: [text], clock: clock)
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: clock)
        try await router.start()
        let sources = names.map { _ in Counting(count: count) }
        let group = SourceGroup(zip(names, sources).map { SourceBinding($0, $1) })
        let running = Task { try await router.run(group) }
        var sessions: [AttachedSession] = []
        for source in sources { sessions += await source.opened.wait(for: 1) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(15))
        // The handler measures, and sleeps again.
        while lines(text).isEmpty { await Task.yield() }
        let seen = lines(text)
        for session in sessions { await session.finish() }
        _ = try await running.value
        await router.stop()
        return (seen, lines(text))
    }

    @Test func sessions_areCountedBySource() async throws {
        let (running, ended) = try await texts(["agents", "night"]) { _ in }
        #expect(
            running == [
                "# HELP realtime_router_source_sessions Sessions that are being routed, by `source`.",
                "# TYPE realtime_router_source_sessions gauge",
                #"realtime_router_source_sessions{source="agents"} 1"#,
                #"realtime_router_source_sessions{source="night"} 1"#,
                "# HELP realtime_router_source_waiting_bytes A metric that a `source` counts itself.",
                "# TYPE realtime_router_source_waiting_bytes gauge",
                #"realtime_router_source_waiting_bytes{source="agents"} 0"#,
                #"realtime_router_source_waiting_bytes{source="night"} 0"#,
            ])
        #expect(ended.suffix(2).allSatisfy { $0.hasSuffix(" 0") })
    }

    @Test func figures_arePublishedWithTheirSource() async throws {
        let (_, ended) = try await texts(["agents"]) { figures in
            figures.counter("refused_handshakes_total", ["status": "403"]).add(2)
            figures.counter("refused_handshakes_total", ["status": "403"]).add()
            figures.counter("reconnects_total").add(0)
            figures.gauge("buffered_bytes").set(70)
            figures.gauge("buffered_bytes").add(-20)
            figures.histogram("added_latency_seconds").observe(0.0004)
            figures.histogram("added_latency_seconds").observe(-1)
        }
        let values = ended.filter { !$0.hasPrefix("#") && !$0.contains("_sessions") }
        #expect(
            values.filter { !$0.contains("_bucket") } == [
                #"realtime_router_source_reconnects_total{source="agents"} 0"#,
                #"realtime_router_source_added_latency_seconds_sum{source="agents"} 0.0004"#,
                #"realtime_router_source_added_latency_seconds_count{source="agents"} 2"#,
                #"realtime_router_source_buffered_bytes{source="agents"} 50"#,
                #"realtime_router_source_refused_handshakes_total{source="agents",status="403"} 3"#,
                #"realtime_router_source_waiting_bytes{source="agents"} 0"#,
            ])
        let buckets = values.filter { $0.contains("_bucket") }
        #expect(buckets.count == SourceHistogram.bounds.count + 1)
        #expect(
            buckets.prefix(2) == [
                #"realtime_router_source_added_latency_seconds_bucket{source="agents",le="0.0001"} 1"#,
                #"realtime_router_source_added_latency_seconds_bucket{source="agents",le="0.0005"} 2"#,
            ])
        #expect(ended.contains("# TYPE realtime_router_source_added_latency_seconds histogram"))
    }

    @Test("A label has at most 50 values in a metric; further values count as `other`")
    func figures_areBounded() async throws {
        let (_, ended) = try await texts(["agents"]) { figures in
            for number in 1...200 { figures.counter("odd_total", ["id": "\(number)"]).add() }
        }
        let values = ended.filter { $0.hasPrefix("realtime_router_source_odd_total") }
        #expect(values.count == 51)
        #expect(values.contains(#"realtime_router_source_odd_total{id="other",source="other"} 150"#))
    }

    @Test("A name has one kind: a metric of another kind is counted, but not published")
    func figures_haveOneKind() async throws {
        let (_, ended) = try await texts(["agents"]) { figures in
            figures.counter("odd_total").add(3)
            let gauge = figures.gauge("odd_total")
            gauge.set(9)
            #expect(gauge.value == 9)
        }
        #expect(ended.filter { $0.contains("odd_total{") } == [#"realtime_router_source_odd_total{source="agents"} 3"#])
    }
}
