import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Calls with different ids that are equivalent according to the function's `once`.
@Suite(.timeLimit(.minutes(5)))
struct OnceTests {
    private let policy = FunctionPolicy(once: OnceRule(by: ["cart_id"], within: .seconds(3600)))

    @Test func once_runsEquivalentCallsOnce() async throws {
        let bench = try PolicyBench(policy)
        try await bench.handler.start()
        try await bench.call("call_1", ["cart_id": 1, "note": "quick"])
        _ = await bench.outcomes(1)
        try await bench.call("call_2", ["note": "please", "cart_id": 1])
        try await bench.call("call_3", ["cart_id": "1"])
        try await bench.call("call_4", ["cart_id": .null])
        _ = await bench.outcomes(4)
        bench.clock.advance(by: .seconds(3599))
        try await bench.call("call_5")
        _ = await bench.outcomes(5)
        bench.clock.advance(by: .seconds(1))
        try await bench.call("call_6")
        #expect(
            await bench.outcomes(6) == [
                "call_1 completed answer of call_1", "call_2 replayed answer of call_1",
                "call_3 completed answer of call_3", "call_4 completed answer of call_4",
                "call_5 replayed answer of call_1", "call_6 completed answer of call_6",
            ])
        // One line when a call starts and one when it ends; a call that did not run has only the latter.
        let lines = bench.folder.lines("calls.jsonl").filter { $0.contains(#""call_id":"call_2""#) }
        #expect(
            lines == [
                #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","call_id":"call_2","name":"order","arguments":{"note":"please","cart_id":1},"state":"replayed","output":"answer of call_1"}"#
            ])
        await bench.handler.stop()
    }

    @Test("The oldest cached answers are forgotten first, and their calls run again")
    func keptAnswers_areForgottenByAge() async throws {
        let bench = try PolicyBench(policy, caps: CallCaps(remembered: 8))
        try await bench.handler.start()
        for number in 1...9 {
            try await bench.call("call_\(number)", ["cart_id": .number(JSONNumber(number))])
            _ = await bench.outcomes(number)
        }
        try await bench.call("again_2", ["cart_id": 2])
        #expect(await bench.outcomes(10).first == "again_2 replayed answer of call_2")
        try await bench.call("again_1", ["cart_id": 1])
        #expect(await bench.outcomes(11).first == "again_1 completed answer of again_1")
        await bench.handler.stop()
    }

    @Test func once_appliesOverAllSessions() async throws {
        let (bench, other) = (try PolicyBench(policy), WatchedSession("other"))
        try await bench.handler.start()
        try await bench.call("call_1")
        _ = await bench.outcomes(1)
        try await bench.call("call_1", in: other)
        #expect(await other.outcomes(1).map(\.output) == ["answer of call_1"])
        #expect(bench.ran.elements == ["call_1"])
        await bench.handler.stop()
    }

    @Test func once_waitsForTheRunningCall() async throws {
        let bench = try PolicyBench(policy, isGated: true)
        try await bench.handler.start()
        try await bench.call("call_1")
        try await bench.call("call_2")
        bench.gates.append("done")
        #expect(await bench.outcomes(2) == ["call_1 completed done", "call_2 replayed done"])
        #expect(bench.ran.elements == ["call_1"])
        await bench.handler.stop()
    }

    @Test func once_failureIsNotCached() async throws {
        let bench = try PolicyBench(policy, isGated: true)
        try await bench.handler.start()
        for id in ["call_1", "call_2", "call_3"] { try await bench.call(id) }
        bench.gates.append(nil)
        _ = await bench.ran.wait(for: 2)
        bench.gates.append("done")
        #expect(
            await bench.outcomes(3) == [
                #"call_1 failed {"error":"sold out"}"#, "call_2 completed done", "call_3 replayed done",
            ])
        #expect(bench.ran.elements == ["call_1", "call_2"])
        await bench.handler.stop()
    }

    @Test func once_followersAreCancelledWithTheirCall() async throws {
        let bench = try PolicyBench(policy, maxConcurrent: 1, isGated: true)
        try await bench.handler.start()
        try await bench.call("call_1")
        for id in ["call_2", "call_3"] { try await bench.call(id, ["cart_id": 2]) }
        _ = await bench.ran.wait(for: 1)
        let handler = bench.handler
        async let stop: Void = handler.stop()
        #expect(await bench.outcomes(2) == ["call_2 cancelled -", "call_3 cancelled -"])
        bench.gates.append("late")
        await stop
        #expect(await bench.outcomes(3).first == "call_1 cancelled -")
        #expect(bench.ran.elements == ["call_1"])
    }

    @Test(arguments: [
        ("done", 0, false, FunctionCallState.replayed), ("done", 3601, false, .completed),
        ("fail", 0, false, .completed), ("kill", 0, false, .unknown), ("kill", 0, true, .completed),
        ("kill", 3601, false, .completed),
    ])
    func theJournalKnowsToo(_ end: String, _ later: Int, _ isIdempotent: Bool, _ expected: FunctionCallState)
        async throws
    {
        let (folder, clock) = (try ScratchFolder(), ManualClock())
        let first = try PolicyBench(policy, isGated: true, folder: folder, clock: clock, recorded: .journal)
        try await first.handler.start()
        try await first.call("call_1")
        _ = await first.ran.wait(for: 1)
        if end == "kill" {
            // The journal as a killed router leaves it.
            let started = folder.lines("calls.jsonl").joined(separator: "\n") + "\n"
            await first.handler.stop()
            try started.write(toFile: "\(folder.path)/calls.jsonl", atomically: true, encoding: .utf8)
        } else {
            first.gates.append(end == "done" ? "done" : nil)
            _ = await first.outcomes(1)
            await first.handler.stop()
        }
        clock.advance(by: .seconds(later))
        let again = FunctionPolicy(isIdempotent: isIdempotent, once: policy.once)
        let second = try PolicyBench(again, folder: folder, clock: clock, recorded: .journal)
        try await second.handler.start()
        try await second.call("call_2", in: second.watched)
        let outcomes = await second.watched.outcomes(1)
        #expect(outcomes.map(\.state) == [expected])
        if expected == .replayed { #expect(outcomes.map(\.output) == ["done"]) }
        await second.handler.stop()
    }
}
