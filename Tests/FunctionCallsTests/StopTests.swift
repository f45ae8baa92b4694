import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// What happens to waiting and running calls when the handler stops.
@Suite(.timeLimit(.minutes(5)))
struct StopTests {
    @Test func stop_cancelsRunningAndWaitingCalls() async throws {
        let folder = try ScratchFolder()
        let limits = CommandLimits(timeout: .seconds(60), killAfter: .milliseconds(200))
        // Written to another file and then renamed, so that a reader sees the whole number.
        let script = "(trap '' TERM; sleep 60) & trap '' TERM; echo $$ > new; mv new pid; while :; do sleep 1; done"
        let executor = CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", script]), workingDirectory: folder.path, limits: limits)
        let bench = try CallBench([LocalFunction("f", executor: executor)], maxConcurrent: 1)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        try await bench.handler.handle(bench.watched.delivery("call_2"))
        #expect(await soon { folder.text("pid") != nil })
        await bench.handler.stop()

        let outcomes = bench.watched.outcomesSoFar().sorted { $0.callID ?? "" < $1.callID ?? "" }
        #expect(outcomes.map(\.callID) == ["call_1", "call_2"])
        #expect(outcomes.map(\.state) == [.cancelled, .cancelled])
        #expect(outcomes.map(\.output) == [nil, nil])
        let reason = "the router was stopped before the call was done"
        #expect(outcomes.map(\.error) == [reason, reason])
        let head = #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","#
        #expect(
            bench.journal == [
                #"\#(head)"call_id":"call_1","name":"f","arguments":{},"state":"started","queued_ms":0}"#,
                #"\#(head)"call_id":"call_2","name":"f","arguments":{},"state":"cancelled","error":"\#(reason)","sent":false}"#,
                #"\#(head)"call_id":"call_1","name":"f","arguments":{},"state":"cancelled","error":"\#(reason)","queued_ms":0,"ran_ms":0,"sent":false}"#,
            ])
        let group = try #require(Int(folder.lines("pid").first ?? ""))
        #expect(await soon { isGone(group: group) })
    }

    @Test func stop_cancelsLaterCalls() async throws {
        let bench = try CallBench(swift { _ in FunctionCallResult("ran") })
        try await bench.handler.start()
        await bench.handler.stop()
        try await bench.handler.handle(bench.watched.delivery())
        #expect(await bench.watched.outcomes(1).map(\.state) == [.cancelled])
    }

    @Test func restart_runsCallsAgain() async throws {
        let bench = try CallBench(swift { _ in FunctionCallResult("ran") })
        for count in 1...2 {
            try await bench.handler.start()
            try await bench.handler.handle(bench.watched.delivery("call_\(count)"))
            #expect(await bench.watched.outcomes(count).map(\.state).last == .completed)
            await bench.handler.stop()
        }
    }

    @Test func stop_waitsForASwiftFunctionToCleanUp() async throws {
        let steps = Collected<String>()
        let bench = try CallBench(
            swift { _ in
                steps.append("started")
                do { try await Task.sleep(for: .seconds(60)) } catch { steps.append("tidied up") }
                return FunctionCallResult("late")
            })
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        _ = await steps.wait(for: 1)
        await bench.handler.stop()
        #expect(steps.elements == ["started", "tidied up"])
        #expect(bench.watched.outcomesSoFar().map(\.state) == [.cancelled])
    }

    @Test func stop_waitsOnlyForTheGracePeriod() async throws {
        let (steps, gate) = (Collected<String>(), Collected<Void>())
        let bench = try CallBench(
            swift { _ in
                steps.append("started")
                _ = await gate.wait(for: 1)
                return FunctionCallResult("late")
            })
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        _ = await steps.wait(for: 1)
        // First the timer of the call's timeout, then that of its grace period.
        await bench.clock.waitForSleepers(1)
        async let stop: Void = bench.handler.stop()
        while bench.watched.outcomesSoFar().isEmpty {
            bench.clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        await stop
        gate.append(())
        #expect(bench.watched.outcomesSoFar().map(\.state) == [.cancelled])
        #expect(bench.watched.outcomesSoFar().map(\.output) == [nil])
    }
}
