import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A router whose time and tasks a test has in its hand.
struct SimulationTests {
    /// The deliveries of a run of some sessions, in their order, as one seed has it.
    private func deliveries(seed: UInt64) async throws -> [String] {
        let seen = Collected<String>()
        let handlers = ["a", "b"].map { name in
            HandlerBinding(
                name, ClosureHandler { seen.append("\(name) \($0.session.key) \($0.sequence)") })
        }
        let (clock, executor) = (ManualClock(), SeededExecutor(seed: seed))
        let router = Router(
            try RouteTable(
                handlers: handlers,
                routes: ["a", "b"].map { Route($0, match: try pattern(#"{"type": ["ping"]}"#), to: [$0]) }),
            clock: clock, executor: executor)
        try await router.start()
        let sessions = try (1...3).map { try router.session(key: "s\($0)", idleLimit: .seconds(60)) }
        for _ in 1...3 {
            for session in sessions { session.receive(Wire.event("ping"), from: .server) }
            executor.runJobs()
        }
        // Nothing comes any more: a minute later all of them end.
        clock.advance(by: .seconds(60))
        executor.runJobs()
        for session in sessions { #expect(await session.finish().events == 3) }
        await router.stop()
        return seen.elements
    }

    @Test("A seed decides the order of everything that a router does")
    func seed_decidesTheOrder() async throws {
        var orders: Set<[String]> = []
        for seed in 1...10 as ClosedRange<UInt64> {
            let order = try await deliveries(seed: seed)
            #expect(try await deliveries(seed: seed) == order)
            orders.insert(order)
            // Whatever the order, each handler has each session's events once and in their order.
            for handler in ["a", "b"] {
                for session in ["s1", "s2", "s3"] {
                    let own = order.filter { $0.hasPrefix("\(handler) \(session) ") }
                    #expect(own == (1...3).map { "\(handler) \(session) \($0)" })
                }
            }
        }
        #expect(orders.count > 1)
    }
}
