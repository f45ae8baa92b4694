import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// What happens to calls when the user interrupts.
@Suite(.timeLimit(.minutes(5)))
struct InterruptTests {
    private let words = #"{"error":"the user interrupted before the function was done (reference c1)"}"#

    /// A command that prints its process group and does not exit by itself.
    private func endless(in folder: ScratchFolder) throws -> CommandExecutor {
        let script = "(trap '' TERM; sleep 1000) & echo $$ > new; mv new pid; while :; do sleep 1; done"
        return CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", script]), workingDirectory: folder.path,
            limits: CommandLimits(timeout: .seconds(1000), killAfter: .milliseconds(200)))
    }

    @Test(arguments: [Server.speechStarted, Server.responseDone("r1", "cancelled")])
    func interruption_stopsTheProcessGroup(interruption: String) async throws {
        let folder = try ScratchFolder()
        let session = try LiveSession([
            LocalFunction("order", policy: FunctionPolicy(onInterrupt: .cancel), executor: try endless(in: folder)),
            LocalFunction("look", executor: swift { _ in FunctionCallResult("found") }),
        ])
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "order"))
        #expect(await soon { folder.text("pid") != nil })
        session.server(interruption)
        #expect(await session.sent(1) == [output("c1", words)])
        let group = try #require(Int(folder.lines("pid").first ?? ""))
        #expect(await soon { isGone(group: group) })
        session.server(Server.responseDone("r1", "cancelled"), Server.responseCreated("r2"))
        session.server(Server.call("c2", "look", in: "r2"), Server.responseDone("r2"))
        #expect(await session.sent(3) == [output("c1", words), output("c2", "found"), create("rr_create_r2")])
        try await session.end()
        #expect(session.outbound.events.elements.count == 3)
        let states = session.journal.filter { $0["call_id"]?.string == "c1" }.map { $0["state"]?.string }
        #expect(states == ["started", "cancelled"])
    }

    @Test func interruption_leavesFinishingCallsAlone() async throws {
        let gate = Latch()
        let session = try LiveSession([
            LocalFunction(
                "order", timeout: .seconds(600),
                executor: swift { _ in
                    await gate.wait()
                    return FunctionCallResult("done")
                })
        ])
        try await session.start()
        session.server(
            Server.responseCreated("r1"), Server.call("c1", "order"), Server.speechStarted,
            Server.responseDone("r1", "cancelled"))
        _ = await session.writer.deliveries.wait(for: 6)
        await gate.open()
        #expect(await session.sent(1) == [output("c1", "done")])
        try await session.end()
    }

    /// Uses the handler without a router, so that the test controls the timing.
    @Test func interruption_waitingLateAndOtherSessionsCalls() async throws {
        let bench = try PolicyBench(FunctionPolicy(onInterrupt: .cancel), maxConcurrent: 1, isGated: true)
        try await bench.handler.start()
        let other = WatchedSession("other", isInteractive: true)
        try await bench.call("c1", in: other)
        _ = await bench.ran.wait(for: 1)
        try await bench.call("c2", ["cart_id": 2])
        bench.handler.userInterrupted(bench.watched.session, at: 2)
        let reason = #"{"error":"the user interrupted before the function was done (reference c2)"}"#
        #expect(await bench.outcomes(1) == ["c2 cancelled \(reason)"])
        #expect(bench.watched.outcomesSoFar()[0].wantsResponse == false)
        // Ready before the interruption, like the first calls, but delivered only now.
        try await bench.call("c3", ["cart_id": 3])
        #expect(await bench.outcomes(2)[1].hasPrefix("c3 cancelled {"))
        bench.handler.userInterrupted(bench.watched.session, at: 1)
        bench.gates.append("one")
        #expect(await other.outcomes(1).map(\.output) == ["one"])
        await bench.handler.stop()
        #expect(bench.ran.elements == ["c1"])
        #expect(bench.folder.lines("calls.jsonl").filter { $0.contains("started") }.count == 1)
    }

    /// A call that was stopped halfway may or may not be done. It is not repeated for the calls that waited for its
    /// answer, unless the function is idempotent.
    @Test(arguments: [false, true]) func interruption_followersOfAStoppedCall(isIdempotent: Bool) async throws {
        let rule = OnceRule(by: ["cart_id"], within: .seconds(60))
        let policy = FunctionPolicy(isIdempotent: isIdempotent, once: rule, onInterrupt: .cancel)
        let bench = try PolicyBench(policy, isGated: true)
        try await bench.handler.start()
        let other = WatchedSession("other")
        try await bench.call("c1")
        _ = await bench.ran.wait(for: 1)
        try await bench.call("c2", in: other)
        bench.handler.userInterrupted(bench.watched.session, at: 2)
        #expect(await bench.outcomes(1)[0].hasPrefix("c1 cancelled {"))
        if isIdempotent {
            _ = await bench.ran.wait(for: 2)
            bench.gates.append("unused")
            bench.gates.append("two")
        }
        let outcome = await other.outcomes(1)[0]
        #expect(outcome.state == (isIdempotent ? .completed : .unknown))
        #expect(outcome.output?.hasPrefix(isIdempotent ? "two" : #"{"error":"outcome unknown: "#) == true)
        await bench.handler.stop()
    }
}
