import EventPatterns
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import Testing

@Suite struct RouterMeterTests {
    /// A handler that fails at its first event, and takes one second of the clock for each event.
    private struct Slow: EventHandler {
        let clock: ManualClock

        func handle(_ delivery: EventDelivery) async throws {
            clock.advance(by: .seconds(1))
            if delivery.event.position.line == 1 { throw DeliveryFailure.permanent("no") }
        }
    }

    /// The values of all series, counters summed.
    private static func series(_ sink: MemoryMetrics) -> [String: Double] {
        sink.measurements.elements.reduce(into: [:]) { series, measurement in
            let labels = measurement.labels.map { "\($0.name)=\($0.value)" }
            let name = ([measurement.name] + labels).joined(separator: " ")
            switch measurement.kind {
            case .gauge: series[name] = measurement.value
            case .counter: series[name, default: 0] += measurement.value
            case .histogram:
                series[name + " count", default: 0] += Double(measurement.count)
                series[name + " sum", default: 0] += measurement.value * Double(measurement.count)
            }
        }
    }

    @Test func routerActivity_isRecordedInSinks() async throws {
        let clock = ManualClock()
        let sink = MemoryMetrics()
        let meter = MetricsHandler(sinks: [sink], clock: clock)
        let table = try RouteTable(
            handlers: [HandlerBinding("meter", meter), HandlerBinding("slow", Slow(clock: clock))],
            routes: [
                Route("figures", to: ["meter"]),
                Route("pings", match: try Pattern(json: #"{"type": ["ping", "pong"]}"#), to: ["slow"]),
            ])
        let router = Router(table, clock: clock)
        try await router.start()
        for _ in 1...2 {
            _ = try await router.run(
                ScriptedSource([
                    #"{"type": "ping"}"#, #"{"type": "pong"}"#, #"{"type": "pong"}"#, "{",
                    #"{"type": "conversation.created"}"#,
                ]))
        }
        await router.stop()
        let series = Self.series(sink)
        let expected: [String: Double] = [
            "realtime_events_total type=other": 6, "realtime_events_total type=conversation.created": 2,
            "realtime_router_undecodable_total": 2, "realtime_router_unmatched_total": 2,
            "realtime_router_matched_total route=pings": 6, "realtime_router_matched_total route=figures": 2,
            "realtime_router_deliveries_total handler=slow outcome=delivered": 4,
            "realtime_router_deliveries_total handler=slow outcome=dead_letter": 2,
            "realtime_router_deliveries_total handler=slow outcome=dropped": 0,
            "realtime_router_deliveries_total handler=meter outcome=delivered": 2,
            "realtime_router_failed_attempts_total handler=slow": 2, "realtime_router_queue_depth handler=slow": 0,
            "realtime_router_handling_seconds handler=slow count": 4,
            "realtime_router_handling_seconds handler=slow sum": 4, "realtime_sessions_active": 0,
            "realtime_router_source_sessions source=script": 0,
        ]
        for (name, value) in expected { #expect(series[name] == value, "\(name)") }
    }

    @Test func routerActivity_isRecordedAtIntervals() async throws {
        let clock = ManualClock()
        let sink = MemoryMetrics()
        let meter = MetricsHandler(sinks: [sink], interval: .seconds(15), clock: clock)
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: clock)
        try await router.start()
        await clock.waitForSleepers()
        #expect(sink.measurements.elements == [])
        clock.advance(by: .seconds(15))
        let told = await sink.measurements.wait(for: 1)
        #expect(told.first?.name == "realtime_router_derived_events_total")
        await router.stop()
    }
}
