import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Rules and handlers that are replaced while sessions run.
@Suite(.timeLimit(.minutes(5))) struct ReplacingTests {
    private static func table(
        _ handlers: [HandlerBinding], _ routes: [(name: String, handlers: [String])], oncePer: OncePer? = nil,
        unmatched: String? = nil
    ) throws -> RouteTable {
        let match = try pattern(#"{"type": ["x"]}"#)
        return try RouteTable(
            handlers: handlers, routes: routes.map { Route($0.name, match: match, to: $0.handlers, oncePer: oncePer) },
            unmatched: unmatched)
    }

    @Test("During a thousand replacements nothing is lost, and no event is routed by a mixture of rules")
    func replace_whileEventsFlow_losesNothing() async throws {
        let kept = Collected<[String]>()
        let changed = Collected<String>()
        let queue = QueuePolicy(onFull: .block)
        let same = HandlerBinding("kept", .events { kept.append($0.routes) }, queue: queue)
        let tables = try (0..<1_000).map { number in
            let generation = number.isMultiple(of: 2) ? "even" : "odd"
            let handlers = [same, HandlerBinding("changed", .events { changed.append($0.routes[0]) }, queue: queue)]
            let routes = ["one", "two"].map { (name: "\(generation) \($0)", handlers: ["kept", "changed"]) }
            // The handlers have another order, so that their indices change.
            return try Self.table(number.isMultiple(of: 3) ? handlers : handlers.reversed(), routes)
        }
        let router = Router(tables[0], clock: ManualClock())
        try await router.start()
        let sources = (1...4).map { ScriptedSource(key: "s\($0)") }
        let runs = sources.map { source in Task { try await router.run(source) } }
        for (number, table) in tables.enumerated() {
            for source in sources { for _ in 1...5 { source.send(Wire.event("x")) } }
            // Some of them are routed by the old rules, some by the new ones.
            _ = await kept.wait(for: 20 * number + 1)
            try await router.replace(table)
            _ = await kept.wait(for: 20 * number + 20)
        }
        for source in sources { source.end() }
        for run in runs {
            let report = try await run.value
            #expect(report.handlers.map(\.name).sorted() == ["changed", "kept"])
            #expect(report.handlers.allSatisfy { $0.counts == HandlerCounts(matched: 5_000, delivered: 5_000) })
            #expect(report.routes.reduce(0) { $0 + $1.matched } == 10_000)
            #expect(report.unmatched == 0)
        }
        await router.stop()
        #expect(kept.elements.count == 20_000 && changed.elements.count == 20_000)
        #expect(Set(kept.elements) == [["even one", "even two"], ["odd one", "odd two"]])
    }

    @Test(
        "An unchanged handler continues; a changed one starts before the replacement, and its predecessor finishes its work"
    )
    func replace_keepsUnchangedHandlers() async throws {
        let log = Collected<String>()
        let gate = Gate()
        let same = HandlerBinding("same", Logging(name: "same", log: log))
        let old = HandlerBinding("other", Logging(name: "old", log: log, gate: gate))
        let new = HandlerBinding("other", Logging(name: "new", log: log))
        let router = Router(try Self.table([same, old], [("x", ["same", "other"])]), clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        source.send(Wire.event("x"))
        _ = await gate.begun.wait(for: 1)
        try await router.replace(try Self.table([new, same], [("x", ["same", "other"])]))
        source.send(Wire.event("x"))
        while log.elements.count < 6 { _ = await log.wait(for: log.elements.count + 1) }
        #expect(log.elements.filter { $0.hasPrefix("same") } == ["same start", "same 1", "same 2"])
        #expect(log.elements.filter { $0.hasPrefix("new") } == ["new start", "new 2"])
        #expect(log.elements.filter { $0.hasPrefix("old") } == ["old start"])
        await gate.open()
        #expect(await log.wait(for: 8).suffix(2) == ["old 1", "old stop"])
        source.end()
        let counts = try await report.handlers
        #expect(counts.map(\.name) == ["other", "same"])
        #expect(counts.map(\.counts) == Array(repeating: HandlerCounts(matched: 2, delivered: 2), count: 2))
        await router.stop()
        #expect(log.elements.suffix(2) == ["same stop", "new stop"])
    }

    @Test("A failed start changes nothing")
    func replace_withAStartThatFails_changesNothing() async throws {
        let log = Collected<String>()
        let old = HandlerBinding("h", Logging(name: "old", log: log))
        let good = HandlerBinding("h", Logging(name: "good", log: log))
        let bad = HandlerBinding("bad", Logging(name: "bad", log: log, isFailing: true))
        let router = Router(try Self.table([old], [("x", ["h"])]), clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        let error = await #expect(throws: RouterFailure.self) {
            try await router.replace(try Self.table([good, bad], [("y", ["h", "bad"])]))
        }
        #expect(error?.description == "handler `bad` did not start: no socket")
        source.send(Wire.event("x"))
        _ = await log.wait(for: 5)
        #expect(log.elements == ["old start", "good start", "bad start", "good stop", "old 1"])
        source.end()
        #expect(try await report.routes.map(\.name) == ["x"])
        await router.stop()
    }

    @Test("The state of a route is kept by its name")
    func replace_keepsTheStateOfRoutesByName() async throws {
        let handler = MemoryHandler()
        let all = MemoryHandler()
        let bindings = [HandlerBinding("h", handler), HandlerBinding("all", all)]
        let routes = [("first", ["h"]), ("second", ["h"])]
        let router = Router(
            try Self.table(bindings, routes, oncePer: .session, unmatched: "all"), clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        source.send(Wire.event("x"))
        _ = await handler.deliveries.wait(for: 1)
        let later = [("third", ["h"]), ("second", ["h"])]
        try await router.replace(try Self.table(bindings, later, oncePer: .session, unmatched: "all"))
        for _ in 1...2 { source.send(Wire.event("x")) }
        source.end()
        let matched = try await report.routes
        await router.stop()
        #expect(handler.deliveries.elements.map(\.routes) == [["first", "second"], ["third"]])
        #expect(all.positions == ["3"])
        #expect(matched.map { "\($0.name) \($0.matched)" } == ["third 1", "second 1", "first 1"])
    }

    @Test("Derived events that only the new rules take are built from then on, and old ones no longer")
    func replace_changesWhatIsObserved() async throws {
        let handler = MemoryHandler(interests: [.routerErrorRaised])
        let binding = HandlerBinding("h", handler)
        let without = try Self.table([binding], [("x", ["h"])])
        let with = try RouteTable(
            handlers: [binding],
            routes: [Route("errors", match: try pattern(#"{"type": ["router.error.raised"]}"#), to: ["h"])])
        let router = Router(without, clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        let failure = Wire.event("error", #""error": {"type": "server_error", "message": "no"}"#)
        source.send(failure)
        source.send(Wire.event("x"))
        _ = await handler.deliveries.wait(for: 1)
        try await router.replace(with)
        source.send(failure)
        #expect(await handler.deliveries.wait(for: 2).map(\.event.type.name) == ["x", "router.error.raised"])
        source.end()
        _ = try await report
        await router.stop()
    }

    @Test("Handlers that were replaced are released while the session goes on, and their counts are kept")
    func replace_releasesWhatIsOver() async throws {
        let census = Census()
        func table() throws -> RouteTable {
            try Self.table([HandlerBinding("h", Counted(census))], [("x", ["h"])])
        }
        let executor = SeededExecutor(seed: 1)
        let router = Router(try table(), clock: ManualClock(), executor: executor)
        try await router.start()
        let session = try router.session(key: "s")
        let replaced = Collected<Int>()
        for number in 1...50 {
            session.receive(Wire.event("x"), from: .server)
            executor.runJobs()
            Task(executorPreference: executor) {
                try await router.replace(try table())
                replaced.append(number)
            }
            executor.runJobs()
            #expect(replaced.elements.last == number)
        }
        // The current handler, and the previous one, which the session releases at the next replacement.
        #expect(census.living == 2)
        let ended = Collected<RunReport>()
        Task(executorPreference: executor) { ended.append(await session.finish()) }
        executor.runJobs()
        let counts = ended.elements.first?.handlers.map(\.counts)
        #expect(counts == [HandlerCounts(matched: 50, delivered: 50)])
        await router.stop()
    }

    @Test("A router that is not started has no rules to replace")
    func replace_withoutStart_throws() async throws {
        let table = try Self.table([HandlerBinding("h", MemoryHandler())], [("x", ["h"])])
        let error = await #expect(throws: RouterFailure.self) { try await Router(table).replace(table) }
        #expect(error?.description == "the router was not started: call start() first")
    }
}

/// Counts the handlers in memory.
private final class Census: Sendable {
    private let count = Atomic(0)

    var living: Int { count.load(ordering: .relaxed) }

    func add(_ change: Int) { count.add(change, ordering: .relaxed) }
}

/// A handler that is counted while it is in memory.
private final class Counted: EventHandler {
    private let census: Census

    init(_ census: Census) {
        self.census = census
        census.add(1)
    }

    deinit { census.add(-1) }

    func handle(_ delivery: EventDelivery) async throws {}
}

/// Logs its lifecycle.
private struct Logging: EventHandler {
    struct Refusal: Error, CustomStringConvertible { let description = "no socket" }
    let name: String
    let log: Collected<String>
    var gate: Gate?
    var isFailing = false

    func start() async throws {
        log.append("\(name) start")
        if isFailing { throw Refusal() }
    }
    func handle(_ delivery: EventDelivery) async throws {
        try await gate?.handle(delivery)
        log.append("\(name) \(delivery.event.position.line)")
    }
    func stop() async { log.append("\(name) stop") }
}
