import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import Testing

/// Duplicate calls at the same time, and calls beyond a limit.
@Suite(.timeLimit(.minutes(5)))
struct CapTests {
    @Test(arguments: [
        (
            DuplicatePolicy.reject, 1,
            [
                "call_1 completed done",
                #"call_2 rejected {"error":"the same call is being worked on already; wait for its answer (reference call_2)"}"#,
            ]
        ),
        (.join, 1, ["call_1 completed done", "call_2 replayed done"]),
        (.allow, 2, ["call_1 completed done", "call_2 completed done"]),
    ])
    func aCallThatSaysTheSame(_ policy: DuplicatePolicy, _ runs: Int, _ outcomes: [String]) async throws {
        let bench = try PolicyBench(FunctionPolicy(onDuplicate: policy), isGated: true)
        try await bench.handler.start()
        try await bench.call("call_1", ["a": 1, "b": [2]])
        try await bench.call("call_2", ["b": [2], "a": 1])
        for _ in 1...runs { bench.gates.append("done") }
        #expect(await bench.outcomes(2) == outcomes)
        #expect(bench.ran.elements.count == runs)
        await bench.handler.stop()
    }

    @Test(arguments: [DuplicatePolicy.reject, .join])
    func duplicates_onlySameArgumentsSessionAndTime(_ policy: DuplicatePolicy) async throws {
        let (bench, other) = (
            try PolicyBench(FunctionPolicy(onDuplicate: policy), isGated: true), WatchedSession("other")
        )
        try await bench.handler.start()
        try await bench.call("call_1")
        try await bench.call("call_2", ["cart_id": 2])
        try await bench.call("call_1", in: other)
        for _ in 1...3 { bench.gates.append("done") }
        _ = await (bench.outcomes(2), other.outcomes(1))
        bench.gates.append("done")
        try await bench.call("call_3")
        #expect(
            await bench.outcomes(3) == ["call_1 completed done", "call_2 completed done", "call_3 completed done"])
        #expect(bench.ran.elements.count == 4)
        await bench.handler.stop()
    }

    @Test func duplicates_joinedCallsShareAFailure() async throws {
        let bench = try PolicyBench(FunctionPolicy(onDuplicate: .join), isGated: true)
        try await bench.handler.start()
        try await bench.call("call_1")
        try await bench.call("call_2")
        bench.gates.append(nil)
        #expect(
            await bench.outcomes(2) == [
                #"call_1 failed {"error":"sold out"}"#, #"call_2 replayed {"error":"sold out"}"#,
            ])
        #expect(await bench.watched.outcomes(2).map(\.error) == ["sold out", "sold out"])
        await bench.handler.stop()
    }

    @Test func caps_limitCallsOfATurnAndOfASession() async throws {
        let bench = try PolicyBench(FunctionPolicy(), caps: CallCaps(perTurn: 2, perSession: 4))
        try await bench.handler.start()
        let turns = [1, 1, 1, 2, 2, 3]
        for (index, turn) in turns.enumerated() { try await bench.call("call_\(index + 1)", turn: turn) }
        let answer = #"{"error":"the limit of %1 calls in a %2 is reached (reference %3)"}"#
        let words = { (limit: String, what: String, id: String) in
            answer.replacing("%1", with: limit).replacing("%2", with: what).replacing("%3", with: id)
        }
        #expect(
            await bench.outcomes(6) == [
                "call_1 completed answer of call_1", "call_2 completed answer of call_2",
                "call_3 rejected \(words("2", "turn", "call_3"))", "call_4 completed answer of call_4",
                "call_5 rejected \(words("4", "session", "call_5"))",
                "call_6 rejected \(words("4", "session", "call_6"))",
            ])
        // The same call again does not count.
        try await bench.call("call_1", turn: 3)
        let other = WatchedSession("other")
        try await bench.call("call_1", in: other, turn: 1)
        #expect(await other.outcomes(1).map(\.state) == [.completed])
        #expect(bench.watched.outcomesSoFar().count == 6)
        await bench.handler.stop()
    }

    @Test func caps_refuseCallsOfAFullQueue() async throws {
        let bench = try PolicyBench(
            FunctionPolicy(), caps: CallCaps(queued: 1), maxConcurrent: 1, isGated: true)
        try await bench.handler.start()
        for id in ["call_1", "call_2", "call_3"] { try await bench.call(id) }
        #expect(
            await bench.outcomes(1) == [
                #"call_3 rejected {"error":"too many calls are waiting; try again later (reference call_3)"}"#
            ])
        bench.gates.append("one")
        bench.gates.append("two")
        #expect(await bench.outcomes(3).prefix(2) == ["call_1 completed one", "call_2 completed two"])
        await bench.handler.stop()
    }

    private static let busy = #"rejected {"error":"too many calls are waiting; try again later (reference %)"}"#

    @Test("Calls without an outcome are limited, including those that wait for another call's answer")
    func openCalls_areBounded() async throws {
        let bench = try PolicyBench(FunctionPolicy(onDuplicate: .join), caps: CallCaps(open: 2), isGated: true)
        try await bench.handler.start()
        for id in ["call_1", "call_2", "call_3"] { try await bench.call(id) }
        #expect(await bench.outcomes(1) == ["call_3 " + Self.busy.replacing("%", with: "call_3")])
        bench.gates.append("one")
        #expect(await bench.outcomes(3).prefix(2) == ["call_1 completed one", "call_2 replayed one"])
        // Now there is room again.
        bench.gates.append("two")
        try await bench.call("call_4")
        #expect(await bench.outcomes(4).last == "call_4 completed two")
        await bench.handler.stop()
    }

    @Test("The total event size of calls without an outcome is limited; a larger call runs alone")
    func openCalls_areBoundedInBytes() async throws {
        let bench = try PolicyBench(FunctionPolicy(), caps: CallCaps(openBytes: 400), isGated: true)
        try await bench.handler.start()
        let large: JSONValue = ["cart_id": .string(String(repeating: "9", count: 500))]
        try await bench.call("call_1", large)
        try await bench.call("call_2")
        #expect(await bench.outcomes(1) == ["call_2 " + Self.busy.replacing("%", with: "call_2")])
        bench.gates.append("one")
        _ = await bench.outcomes(2)
        bench.gates.append("two")
        try await bench.call("call_3")
        #expect(await bench.outcomes(3).last == "call_3 completed two")
        await bench.handler.stop()
    }

    @Test("Ended calls of the oldest sessions are forgotten first, running calls never")
    func endedCalls_areForgottenByAge() async throws {
        let (ran, gate) = (Collected<String>(), Collected<Void>())
        let function = swift { call in
            ran.append(call.callID ?? "")
            if call.callID == "running" { _ = await gate.wait(for: 1) }
            return FunctionCallResult("done")
        }
        let handler = FunctionCallHandler(
            [LocalFunction("f", timeout: .seconds(3600), executor: function)], caps: CallCaps(remembered: 3))
        let (first, second) = (WatchedSession("first"), WatchedSession("second"))
        try await handler.start()
        try await handler.handle(first.delivery("running"))
        for (count, id) in ["a", "b"].enumerated() {
            try await handler.handle(first.delivery(id))
            _ = await first.outcomes(count + 1)
        }
        for (count, id) in ["c", "d"].enumerated() {
            try await handler.handle(second.delivery(id))
            _ = await second.outcomes(count + 1)
        }
        try await handler.handle(first.delivery("running"))
        for id in ["c", "d"] { try await handler.handle(second.delivery(id)) }
        try await handler.handle(first.delivery("a"))
        #expect(await first.outcomes(3).map(\.callID) == ["a", "b", "a"])
        gate.append(())
        _ = await first.outcomes(4)
        await handler.stop()
        #expect(ran.elements.sorted() == ["a", "a", "b", "c", "d", "running"])
        #expect(second.outcomesSoFar().count == 2)
    }
}
