import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// The limits of a handler over all sessions of a router.
@Suite(.timeLimit(.minutes(5))) struct ProcessLimitTests {
    /// A router that sends events `x` to the handler, and events `y` to another one.
    private struct Scene {
        let clock = ManualClock()
        let letters = MemoryDeadLetters()
        let log = MemoryLog()
        let others = MemoryHandler()
        let router: Router

        init(_ handler: any EventHandler, queue: QueuePolicy = QueuePolicy()) throws {
            let table = try RouteTable(
                handlers: [HandlerBinding("h", handler, queue: queue), HandlerBinding("others", others)],
                routes: [
                    Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"]),
                    Route("y", match: try pattern(#"{"type": ["y"]}"#), to: ["others"]),
                ], deadLetters: letters)
            router = Router(table, clock: clock, log: log)
        }

        /// Runs a source in its own task.
        func run(_ source: ScriptedSource) -> Task<HandlerCounts, any Error> {
            Task { try await router.run(source).handlers[0].counts }
        }
    }

    private static func x(_ id: String) -> String { #"{"type": "x", "event_id": "\#(id)"}"# }
    private static let y = #"{"type": "y"}"#

    @Test("A handler takes at most its number of sessions at a time, over all runs")
    func concurrency_holdsForAllRuns() async throws {
        let handler = Turnstile(2)
        let scene = try Scene(handler)
        try await scene.router.start()
        let runs = ["a", "b", "c"].map { key in
            scene.run(ScriptedSource([Self.x("\(key)1"), Self.y], key: key))
        }
        // All of them were routed, and two are being handled.
        _ = await scene.others.deliveries.wait(for: 3)
        _ = await handler.begun.wait(for: 2)
        #expect(handler.begun.elements.count == 2)
        for count in 3...5 {
            await handler.pass(handler.begun.elements[count - 3])
            if count == 3 { _ = await handler.begun.wait(for: 3) }
        }
        for run in runs { #expect(try await run.value == HandlerCounts(matched: 1, delivered: 1)) }
        await scene.router.stop()
    }

    @Test("A session with many deliveries does not delay another")
    func sessions_takeTurns() async throws {
        let handler = Turnstile(1)
        let scene = try Scene(handler)
        try await scene.router.start()
        let long = scene.run(ScriptedSource((1...5).map { Self.x("a\($0)") } + [Self.y], key: "a"))
        _ = await scene.others.deliveries.wait(for: 1)
        let short = scene.run(ScriptedSource([Self.x("b1"), Self.x("b2"), Self.y], key: "b"))
        _ = await scene.others.deliveries.wait(for: 2)
        let order = ["a1", "b1", "a2", "b2", "a3", "a4", "a5"]
        for (count, name) in order.enumerated() {
            #expect(await handler.begun.wait(for: count + 1).last == name)
            await handler.pass(name)
        }
        #expect(try await short.value.delivered == 2)
        #expect(try await long.value.delivered == 5)
        await scene.router.stop()
    }

    @Test("A run ends when its own deliveries are settled, whatever others wait for")
    func runEnd_waitsForItsOwnDeliveries() async throws {
        let handler = Turnstile(2)
        let scene = try Scene(handler)
        try await scene.router.start()
        let stuck = scene.run(ScriptedSource([Self.x("a1")], key: "a"))
        _ = await handler.begun.wait(for: 1)
        let other = scene.run(ScriptedSource([Self.x("b1"), Self.x("b2")], key: "b"))
        for name in ["b1", "b2"] {
            #expect(await handler.begun.wait(for: name == "b1" ? 2 : 3).last == name)
            await handler.pass(name)
        }
        #expect(try await other.value == HandlerCounts(matched: 2, delivered: 2))
        await handler.pass("a1")
        #expect(try await stuck.value == HandlerCounts(matched: 1, delivered: 1))
        await scene.router.stop()
    }

    @Test("When the shared bound is full, the session with the largest backlog loses a delivery")
    func sharedBound_dropsFromTheLargestBacklog() async throws {
        let handler = Turnstile(1)
        let scene = try Scene(handler, queue: QueuePolicy(capacity: 4, sharedCapacity: 4))
        try await scene.router.start()
        let (large, small) = (ScriptedSource(key: "a"), ScriptedSource(key: "b"))
        let runs = [scene.run(large), scene.run(small)]
        large.send(Self.x("a0"))
        _ = await handler.begun.wait(for: 1)
        for number in 1...4 { large.send(Self.x("a\(number)")) }
        large.send(Self.y)
        _ = await scene.others.deliveries.wait(for: 1)
        for line in [Self.x("b1"), Self.x("b2"), Self.y] { small.send(line) }
        _ = await scene.others.deliveries.wait(for: 2)
        #expect(scene.log.records.elements.filter { $0.outcome == .dropped }.map(\.position.line) == [2, 3])
        for source in [large, small] { source.end() }
        for name in ["a0", "b1", "a3", "b2", "a4"] {
            while handler.begun.elements.last != name {
                _ = await handler.begun.wait(for: handler.begun.elements.count + 1)
            }
            await handler.pass(name)
        }
        #expect(try await runs[0].value == HandlerCounts(matched: 5, delivered: 3, dropped: 2))
        #expect(try await runs[1].value == HandlerCounts(matched: 2, delivered: 2))
        await scene.router.stop()
    }

    @Test("With `block` only a session that holds its share of the shared bound waits")
    func sharedBound_blocksTheLargestBacklog() async throws {
        let gate = Gate()
        let scene = try Scene(gate, queue: QueuePolicy(capacity: 4, sharedCapacity: 4, onFull: .block))
        try await scene.router.start()
        let large = ScriptedSource(key: "a")
        let blocked = scene.run(large)
        large.send(Self.x("a0"))
        _ = await gate.begun.wait(for: 1)
        for line in (1...9).map({ Self.x("a\($0)") }) + [Self.y] { large.send(line) }
        large.end()
        let small = scene.run(ScriptedSource([Self.x("b1"), Self.y], key: "b"))
        #expect(await scene.others.deliveries.wait(for: 1).map(\.session.key) == ["b"])
        await gate.open()
        #expect(try await blocked.value == HandlerCounts(matched: 10, delivered: 10))
        #expect(try await small.value == HandlerCounts(matched: 1, delivered: 1))
        await scene.router.stop()
    }

    @Test("Queues are also bounded in bytes, and a larger event waits alone")
    func byteBound_holds() async throws {
        let handler = Turnstile(1)
        let scene = try Scene(handler, queue: QueuePolicy(bytes: 80))
        try await scene.router.start()
        let source = ScriptedSource()
        let run = scene.run(source)
        source.send(Self.x("1"))
        _ = await handler.begun.wait(for: 1)
        // Two events of 28 bytes each fit, and then one that is larger than the bound.
        for id in ["2", "3", "4", String(repeating: "5", count: 100)] { source.send(Self.x(id)) }
        source.send(Self.y)
        _ = await scene.others.deliveries.wait(for: 1)
        #expect(scene.log.records.elements.filter { $0.outcome == .dropped }.map(\.position.line) == [2, 3, 4])
        source.end()
        for name in ["1", String(repeating: "5", count: 100)] {
            while handler.begun.elements.last != name { _ = await handler.begun.wait(for: 2) }
            await handler.pass(name)
        }
        #expect(try await run.value == HandlerCounts(matched: 5, delivered: 2, dropped: 3))
        await scene.router.stop()
    }

    @Test("By default a recording waits for room and a live session drops the oldest", arguments: [false, true])
    func fullQueue_default(_ isLive: Bool) async throws {
        let gate = Gate()
        let scene = try Scene(gate, queue: QueuePolicy(capacity: 2))
        try await scene.router.start()
        let source = ScriptedSource(isInteractive: isLive)
        let run = scene.run(source)
        source.send(Self.x("1"))
        _ = await gate.begun.wait(for: 1)
        for id in 2...6 { source.send(Self.x("\(id)")) }
        source.send(Self.y)
        source.end()
        if isLive { _ = await scene.others.deliveries.wait(for: 1) }
        await gate.open()
        let lost = isLive ? 3 : 0
        #expect(try await run.value == HandlerCounts(matched: 6, delivered: 6 - lost, dropped: lost))
        #expect(gate.done.elements == (isLive ? [1, 5, 6] : Array(1...6)))
        await scene.router.stop()
    }

    @Test("Many concurrent sessions each keep their order, and the counts of each run are right")
    func manySessions_keepTheirOrder() async throws {
        let seen = Collected<EventDelivery>()
        let scene = try Scene(ClosureHandler { seen.append($0) })
        try await scene.router.start()
        let counts = try await withThrowingTaskGroup(of: HandlerCounts.self) { group in
            for key in 1...500 {
                group.addTask {
                    let lines = (1...20).map { Self.x("\($0)") }
                    return try await scene.router.run(ScriptedSource(lines, key: "s\(key)")).handlers[0].counts
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await scene.router.stop()
        #expect(counts == Array(repeating: HandlerCounts(matched: 20, delivered: 20), count: 500))
        let numbers = Dictionary(grouping: seen.elements, by: \.session.key).mapValues { $0.map(\.sequence) }
        #expect(numbers.count == 500)
        #expect(numbers.values.allSatisfy { $0 == $0.sorted() && Set($0).count == 20 })
    }
}
