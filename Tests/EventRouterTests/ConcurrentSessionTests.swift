import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Consecutive sessions of one source, with a handler that takes several sessions at a time.
@Suite struct ConcurrentSessionTests {
    private static func session(_ name: String, _ count: Int) -> [String] {
        [#"{"type": "session.created", "session": {"id": "\#(name)"}}"#]
            + (1...count).map { #"{"type": "x", "event_id": "\#(name)\#($0)"}"# }
    }

    private func table(
        _ handler: any EventHandler, queue: QueuePolicy = QueuePolicy(), retry: RetryPolicy = .once,
        deadLetters: any DeadLetterSink = LoggedDeadLetters()
    ) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler, queue: queue, retry: retry)],
            routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])], deadLetters: deadLetters)
    }

    @Test func sessionsGoOnAtOnceUpToTheBoundAndEachKeepsItsOrder() async throws {
        let handler = Turnstile(2)
        let lines = Self.session("a", 3) + Self.session("b", 2) + Self.session("c", 1)
        async let report = run(lines, table(handler))
        #expect(Set(await handler.begun.wait(for: 2)) == ["a1", "b1"])
        // Sessions take turns, and a session's next delivery waits for its current one.
        await handler.pass("a1")
        #expect(await handler.begun.wait(for: 3).last == "c1")
        await handler.pass("c1")
        #expect(await handler.begun.wait(for: 4).last == "a2")
        await handler.pass("a2")
        #expect(await handler.begun.wait(for: 5).last == "a3")
        await handler.pass("b1")
        #expect(await handler.begun.wait(for: 6).last == "b2")
        await handler.pass("a3")
        await handler.pass("b2")
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 6, delivered: 6))
        #expect(handler.done.elements.filter { $0.hasPrefix("a") } == ["a1", "a2", "a3"])
        #expect(handler.done.elements.filter { $0.hasPrefix("b") } == ["b1", "b2"])
    }

    @Test func oneSessionAtATimeKeepsTheOrderOfTheSource() async throws {
        let handler = Turnstile(1)
        async let report = run(Self.session("a", 1) + Self.session("b", 2), table(handler))
        for (count, name) in ["a1", "b1", "b2"].enumerated() {
            #expect(await handler.begun.wait(for: count + 1).last == name)
            await handler.pass(name)
        }
        #expect(try await report.handlers[0].counts.delivered == 3)
        #expect(handler.done.elements == ["a1", "b1", "b2"])
    }

    @Test func aSmallQueueThatBlocksLosesNothing() async throws {
        let seen = Collected<String>()
        let handler = Unhurried { delivery in
            await Task.yield()
            seen.append(delivery.event.eventID ?? "")
        }
        let names = ["a", "b", "c", "d", "e", "f"]
        let report = try await run(
            names.flatMap { Self.session($0, 50) }, try table(handler, queue: QueuePolicy(capacity: 1)))
        #expect(report.handlers[0].counts == HandlerCounts(matched: 300, delivered: 300))
        for name in names {
            #expect(seen.elements.filter { $0.hasPrefix(name) } == (1...50).map { "\(name)\($0)" })
        }
    }

    @Test func whatFailsInOneSessionHoldsOnlyThatSessionUp() async throws {
        let clock = ManualClock()
        let letters = MemoryDeadLetters()
        let seen = Collected<String>()
        let handler = Unhurried { delivery in
            let name = delivery.event.eventID ?? ""
            seen.append(name)
            if name == "a1" { throw DeliveryFailure.retry("busy") }
        }
        let lines = Self.session("a", 2) + Self.session("b", 3)
        async let report = run(
            lines,
            table(handler, retry: RetryPolicy(attempts: 2, backoff: .seconds(1)), deadLetters: letters), clock: clock)
        // The second session finishes while the first one waits for its second attempt.
        #expect(Set(await seen.wait(for: 4)) == ["a1", "b1", "b2", "b3"])
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(
            try await report.handlers[0].counts
                == HandlerCounts(matched: 5, delivered: 4, failed: 2, retried: 1, deadLetters: 1))
        #expect(seen.elements.filter { $0.hasPrefix("a") } == ["a1", "a1", "a2"])
        let letter = try #require(letters.letters.elements.first)
        #expect(letter.sessionID == "a")
        #expect(letter.attempts == 2)
        #expect(letter.error == "busy")
    }
}

/// A handler made of a closure, which takes three sessions at a time.
private struct Unhurried: ConcurrentHandling {
    let concurrentSessions = 3
    let body: @Sendable (EventDelivery) async throws -> Void

    func handle(_ delivery: EventDelivery) async throws { try await body(delivery) }
}
