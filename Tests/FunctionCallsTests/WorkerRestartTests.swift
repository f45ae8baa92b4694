import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Calls that arrive while a worker is down: they wait for its restart within their timeout.
@Suite(.timeLimit(.minutes(5)))
struct WorkerRestartTests {
    private let folder: ScratchFolder
    private let clock = ManualClock()

    init() throws { folder = try ScratchFolder() }

    /// A worker that exits immediately until the file `up` exists, and then answers each line.
    private func worker(_ first: String = "[ -e up ] || exit 1", _ body: String = ":", timeout: Duration)
        -> WorkerExecutor
    {
        let answer = #"echo "{\"id\":$id,\"output\":\"ok $id\"}""#
        let script =
            "echo $$ >> pids; \(first); while read -r line; do id=${line#*:}; id=${id%%,*}; \(body); \(answer); done"
        let limits = CommandLimits(timeout: timeout, killAfter: .milliseconds(200))
        return WorkerExecutor(
            LocalCommand(["/bin/sh", "-c", script], workingDirectory: folder.path, limits: limits), clock: clock)
    }

    /// A handler whose worker has exited twice and will be restarted after 200 ms.
    private func benchWithWorkerDown(
        timeout: Duration = .seconds(60), policy: FunctionPolicy = FunctionPolicy()
    ) async throws -> CallBench {
        let bench = try CallBench([LocalFunction("f", policy: policy, executor: worker(timeout: timeout))])
        try await bench.handler.start()
        await clock.waitForSleepers()
        return bench
    }

    @Test("Calls that arrive while the worker is down are answered after its restart, in order")
    func workerDown_callsWaitForTheNextOne() async throws {
        let bench = try await benchWithWorkerDown()
        for number in 1...3 { try await bench.handler.handle(bench.watched.delivery("call_\(number)")) }
        await clock.waitForSleepers(4)
        _ = try folder.write("", to: "up")
        clock.advance(by: .milliseconds(200))
        let outcomes = await bench.watched.outcomes(3)
        #expect(Set(outcomes.map(\.state)) == [.completed])
        #expect(Set(outcomes.compactMap(\.output)) == ["ok 1", "ok 2", "ok 3"])
        await bench.handler.stop()
    }

    @Test("A worker that does not restart is an error at the call's timeout")
    func workerThatStaysDown_failsAtTheTimeLimit() async throws {
        let bench = try await benchWithWorkerDown(timeout: .milliseconds(150))
        try await bench.handler.handle(bench.watched.delivery())
        await clock.waitForSleepers(2)
        clock.advance(by: .milliseconds(149))
        #expect(bench.watched.outcomesSoFar().isEmpty)
        clock.advance(by: .milliseconds(1))
        let outcome = await bench.watched.outcomes(1)[0]
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"the function could not be run (reference call_1)"}"#)
        #expect(outcome.error == "the worker did not come back within 150ms: it exited with status 1")
        await bench.handler.stop()
    }

    @Test("An interruption stops a call that waits for a worker")
    func interruption_stopsACallThatWaits() async throws {
        let bench = try await benchWithWorkerDown(policy: FunctionPolicy(onInterrupt: .cancel))
        try await bench.handler.handle(bench.watched.delivery())
        await clock.waitForSleepers(2)
        bench.handler.userInterrupted(bench.watched.session, at: 2)
        let outcome = await bench.watched.outcomes(1)[0]
        #expect(outcome.state == .cancelled)
        #expect(outcome.error == "the user interrupted before the call was done")
        // The call is not sent to the next worker.
        _ = try folder.write("", to: "up")
        clock.advance(by: .milliseconds(200))
        let later = WatchedSession("later")
        try await bench.handler.handle(later.delivery("call_2"))
        #expect(await later.outcomes(1)[0].output == "ok 2")
        await bench.handler.stop()
    }

    @Test("A stop does not wait for a worker that is down")
    func stop_cancelsACallThatWaits() async throws {
        let bench = try await benchWithWorkerDown()
        try await bench.handler.handle(bench.watched.delivery())
        await clock.waitForSleepers(2)
        await bench.handler.stop()
        #expect(bench.watched.outcomesSoFar().map(\.state) == [.cancelled])
    }

    @Test("A stop of the executor alone cancels the waiting calls")
    func stopOfTheExecutor_givesUpCallsThatWait() async throws {
        let executor = worker(timeout: .seconds(60))
        var call = FunctionCall()
        call.callID = "call_1"
        call.arguments = [:]
        await #expect(throws: FunctionCallFailure.self) { try await executor.execute(call) }
        await clock.waitForSleepers()
        let answer = Task { [call] in try await executor.execute(call) }
        await clock.waitForSleepers(2)
        await executor.stop()
        await #expect(throws: CancellationError.self) { try await answer.value }
    }

    @Test("A call that arrives while a stuck worker is being ended goes to the next one")
    func stuckWorker_nextCallWaits() async throws {
        // The worker ignores TERM, so its end takes until KILL.
        let executor = worker("trap '' TERM", "[ $id -ne 1 ] || sleep 600", timeout: .seconds(5))
        let bench = try CallBench(executor)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        await clock.waitForSleepers()
        #expect(await soon { folder.lines("pids").count == 1 })
        clock.advance(by: .seconds(5))
        #expect(await bench.watched.outcomes(1)[0].state == .timedOut)
        try await bench.handler.handle(bench.watched.delivery("call_2"))
        #expect(await bench.watched.outcomes(2)[1].output == "ok 2")
        #expect(folder.lines("pids").count == 2)
        await bench.handler.stop()
    }
}
