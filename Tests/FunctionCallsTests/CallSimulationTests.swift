import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Function calls in a router whose time and task order a seed determines.
@Suite(.timeLimit(.minutes(1))) struct CallSimulationTests {
    private static let keys = ["s1", "s2", "s3"]

    /// Everything that functions started and ended, and everything that was sent, in the order of one seed.
    private func story(seed: UInt64) async throws -> [String] {
        let story = Collected<String>()
        let (clock, executor) = (ManualClock(), SeededExecutor(seed: seed))
        let handler = FunctionCallHandler(
            functions(clock, story), maxConcurrent: 4, clock: clock, executor: executor)
        let router = Router(
            try RouteTable(handlers: [HandlerBinding("tools", handler)], routes: [Route("calls", to: ["tools"])]),
            clock: clock, executor: executor)
        try await router.start()
        let sessions = try Self.keys.map { SimulatedServer(try router.session(key: $0), story, executor) }
        for session in sessions { session.callFunctions() }
        executor.runJobs()
        clock.advance(by: .seconds(1))
        executor.runJobs()
        for session in sessions { session.interrupt() }
        for _ in 1...10 {
            executor.runJobs()
            clock.advance(by: .seconds(1))
        }
        let ended = Collected<Int>()
        for session in sessions { session.finish(ended) }
        while ended.elements.count < sessions.count {
            executor.runJobs()
            clock.advance(by: .seconds(1))
        }
        executor.runJobs()
        await router.stop()
        return story.elements
    }

    private func functions(_ clock: ManualClock, _ story: Collected<String>) -> [LocalFunction] {
        func function(_ name: String, timeout: Duration, _ policy: FunctionPolicy, takes: Duration) -> LocalFunction {
            LocalFunction(
                name, timeout: timeout, policy: policy,
                executor: swift { call in
                    story.append("\(call.head.session ?? "") \(name) begins")
                    do { try await clock.sleep(for: takes) } catch {
                        story.append("\(call.head.session ?? "") \(name) is cancelled")
                        throw error
                    }
                    return FunctionCallResult("done")
                })
        }
        return [
            function("quick", timeout: .seconds(5), FunctionPolicy(), takes: .seconds(1)),
            function(
                "slow", timeout: .seconds(3),
                FunctionPolicy(whileWaiting: WaitingMessage("One moment.", after: .seconds(2))), takes: .seconds(60)),
            function("stopped", timeout: .seconds(60), FunctionPolicy(onInterrupt: .cancel), takes: .seconds(30)),
        ]
    }

    @Test("A seed decides the order of everything that function calls do")
    func seed_decidesTheOrder() async throws {
        var orders: Set<[String]> = []
        for seed in 1...10 as ClosedRange<UInt64> {
            let order = try await story(seed: seed)
            #expect(try await story(seed: seed) == order)
            orders.insert(order)
            for key in Self.keys {
                let own = order.filter { $0.hasPrefix("\(key) ") }.map { $0.dropFirst(key.count + 1) }
                // Each call is answered once, whatever the order.
                #expect(
                    own.filter { $0.hasPrefix("output ") }.sorted() == [
                        "output quick: done",
                        #"output slow: {"error":"the function took too long (reference slow)"}"#,
                        #"output stopped: {"error":"the user interrupted before the function was done (reference stopped)"}"#,
                    ])
                #expect(own.filter { $0 == "slow begins" || $0 == "slow is cancelled" }.count == 2)
                #expect(own.filter { $0 == "says One moment." }.count == 1)
            }
        }
        #expect(orders.count > 1)
    }
}

/// The server of one simulated session: calls functions, and answers each request for a response.
private final class SimulatedServer: Sendable {
    private let session: AttachedSession
    private let executor: SeededExecutor
    private let responses = Atomic(1)

    init(_ session: AttachedSession, _ story: Collected<String>, _ executor: SeededExecutor) {
        self.session = session
        self.executor = executor
        Task(executorPreference: executor) {
            for await event in session.outbound { self.take(event, story) }
        }
    }

    private func take(_ event: ClientEvent, _ story: Collected<String>) {
        let json = event.json
        guard event.type == "response.create" else {
            let call = json["item"]?["call_id"]?.string ?? ""
            return story.append("\(session.key) output \(call): \(json["item"]?["output"]?.string ?? "")")
        }
        let words = json["response"]?["instructions"]?.string?.split(separator: ": ").last
        story.append("\(session.key) \(words.map { "says \($0)" } ?? "create")")
        let number = responses.add(1, ordering: .relaxed).newValue
        session.receive(Server.responseCreated("r\(number)"), from: .server)
        session.receive(Server.responseDone("r\(number)"), from: .server)
    }

    func callFunctions() {
        session.receive(Server.responseCreated("r1"), from: .server)
        for name in ["quick", "slow", "stopped"] { session.receive(Server.call(name, name), from: .server) }
    }

    /// Simulates speech of the user while the response is active.
    func interrupt() {
        session.receive(Server.speechStarted, from: .server)
        session.receive(Server.responseDone("r1", "cancelled"), from: .server)
    }

    func finish(_ ended: Collected<Int>) {
        Task(executorPreference: executor) { [session] in ended.append(await session.finish().events) }
    }
}
