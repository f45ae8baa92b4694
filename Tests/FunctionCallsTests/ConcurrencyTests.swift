import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Synchronization
import Testing

/// How many calls run at the same time, in which order, and how often.
@Suite(.timeLimit(.minutes(5)))
struct ConcurrencyTests {
    /// A counting function that runs until the test releases it.
    private final class Gate: FunctionCallExecutor {
        private struct State {
            var running = 0
            var most = 0
            var open = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }
        private let state = Mutex(State())
        /// The started calls, in order.
        let started = Collected<String>()
        var most: Int { state.withLock { $0.most } }

        func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
            state.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            started.append(call.callID ?? "")
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock {
                    if !$0.open { $0.waiting.append(continuation) }
                    return $0.open
                }
                if isOpen { continuation.resume() }
            }
            state.withLock { $0.running -= 1 }
            return FunctionCallResult("done")
        }

        /// Releases the waiting calls, and with `all` later ones too.
        func pass(all: Bool = false) {
            let waiting = state.withLock { state in
                state.open = all
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    @Test func maxConcurrent_holdsForAThousandCalls() async throws {
        let folder = try ScratchFolder()
        let script = #": > "$ROUTER_CALL_ID"; set -- *; echo $#; rm "$ROUTER_CALL_ID""#
        let executor = CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", script]), workingDirectory: folder.path)
        let bench = try CallBench([LocalFunction("f", executor: executor)], maxConcurrent: 8)
        try await bench.handler.start()
        for index in 0..<1000 { try await bench.handler.handle(bench.watched.delivery("call_\(index)")) }
        let outcomes = await bench.watched.outcomes(1000)
        await bench.handler.stop()
        #expect(Set(outcomes.map(\.state)) == [.completed])
        #expect(Set(outcomes.map(\.callID)).count == 1000)
        let most = outcomes.compactMap { $0.output.flatMap { Int($0) } }.max() ?? 0
        #expect((2...8).contains(most), "\(most) ran at a time")
        #expect(bench.journal.count == 2000)
        #expect(bench.journal.count { $0.contains(#""state":"started""#) } == 1000)
    }

    @Test func handle_returnsWhileTheCallRuns() async throws {
        let gate = Gate()
        let bench = try CallBench(gate)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        _ = await gate.started.wait(for: 1)
        #expect(bench.watched.outcomesSoFar().isEmpty)
        gate.pass()
        #expect(await bench.watched.outcomes(1).map(\.output) == ["done"])
    }

    @Test func queue_keepsTheOrderOfArrival() async throws {
        let gate = Gate()
        let bench = try CallBench([LocalFunction("f", executor: gate)], maxConcurrent: 1)
        try await bench.handler.start()
        for id in ["a", "b", "c"] { try await bench.handler.handle(bench.watched.delivery(id)) }
        for count in 1...3 {
            #expect(await gate.started.wait(for: count) == Array(["a", "b", "c"].prefix(count)))
            gate.pass()
        }
        #expect(await bench.watched.outcomes(3).map(\.callID) == ["a", "b", "c"])
        #expect(gate.most == 1)
    }

    @Test func queue_functionAtItsLimitLetsOthersPass() async throws {
        let (slow, quick) = (Gate(), Gate())
        let bench = try CallBench(
            [
                LocalFunction("slow", maxConcurrent: 1, executor: slow),
                LocalFunction("quick", executor: quick),
            ], maxConcurrent: 3)
        try await bench.handler.start()
        for (id, name) in [("a", "slow"), ("b", "slow"), ("c", "slow"), ("d", "quick"), ("e", "quick")] {
            try await bench.handler.handle(bench.watched.delivery(id, name))
        }
        #expect(await slow.started.wait(for: 1) == ["a"])
        #expect(Set(await quick.started.wait(for: 2)) == ["d", "e"])
        quick.pass(all: true)
        #expect(Set(await bench.watched.outcomes(2).map(\.callID)) == ["d", "e"])
        #expect(slow.started.elements == ["a"])
        slow.pass(all: true)
        #expect(await bench.watched.outcomes(5).suffix(3).map(\.callID) == ["a", "b", "c"])
        #expect(slow.most == 1)
    }

    @Test func outcome_separatesWaitingFromRunning() async throws {
        let gate = Gate()
        let bench = try CallBench([LocalFunction("f", timeout: .seconds(60), executor: gate)], maxConcurrent: 1)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery("call_0"))
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        _ = await gate.started.wait(for: 1)
        bench.clock.advance(by: .milliseconds(1500))
        gate.pass()
        _ = await gate.started.wait(for: 2)
        bench.clock.advance(by: .milliseconds(250))
        gate.pass()
        let outcomes = await bench.watched.outcomes(2)
        #expect(outcomes.map(\.queuedMs) == [0, 1500])
        #expect(outcomes.map(\.ranMs) == [1500, 250])
        #expect(
            bench.journal.last
                == #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:01.750Z","call_id":"call_1","name":"f","arguments":{},"state":"completed","output":"done","queued_ms":1500,"ran_ms":250}"#
        )
    }

    @Test func repeatedCall_runsOnce() async throws {
        let gate = Gate()
        let bench = try CallBench(gate)
        try await bench.handler.start()
        for _ in 0..<3 { try await bench.handler.handle(bench.watched.delivery("call_1")) }
        gate.pass(all: true)
        _ = await bench.watched.outcomes(1)
        for _ in 0..<3 { try await bench.handler.handle(bench.watched.delivery("call_1")) }
        try await bench.handler.handle(bench.watched.delivery("call_2"))
        #expect(await bench.watched.outcomes(2).map(\.callID) == ["call_1", "call_2"])
        #expect(gate.started.elements == ["call_1", "call_2"])
    }

    @Test func sameCallID_inAnotherSessionIsAnotherCall() async throws {
        let gate = Gate()
        gate.pass(all: true)
        let handler: FunctionCallHandler = .functionCalls(["f": gate])
        // Also under the same key: a recording that is routed again needs its answers again.
        for key in ["a", "b", "b"] + (0..<200).map({ "s\($0)" }) {
            let watched = WatchedSession(key)
            try await handler.handle(watched.delivery())
            #expect(await watched.outcomes(1).map(\.output) == ["done"])
        }
        #expect(gate.started.elements.count == 203)
    }
}
