import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import Testing

/// Executors with a start, a stop or reports of their own.
@Suite(.timeLimit(.minutes(5)))
struct ManagedExecutorTests {
    /// An executor that runs a closure.
    private struct Made: ManagedExecutor {
        var endsLateCalls = false
        let body: @Sendable (FunctionCall) async throws -> FunctionCallReport

        func run(_ call: FunctionCall) async throws -> FunctionCallReport { try await body(call) }
    }

    @Test("A call past its timeout is cancelled, and the router answers it")
    func lateCall_isEndedByTheRouter() async throws {
        let steps = Collected<String>()
        let executor = Made { _ in
            do { try await Task.sleep(for: .seconds(60)) } catch { steps.append("cancelled") }
            return .cancelled()
        }
        let bench = try CallBench(executor, timeout: .seconds(5))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .seconds(5))
        #expect(
            await bench.watched.outcomes(1).map(\.output)
                == [#"{"error":"the function took too long (reference call_1)"}"#])
        #expect(await steps.wait(for: 1) == ["cancelled"])
        await bench.handler.stop()
    }

    /// An executor whose call runs until it is released, and that records its steps.
    private struct Stubborn: ManagedExecutor {
        let steps = Collected<String>()
        let gate = Collected<Void>()

        func stop() async { steps.append("stop") }

        func run(_ call: FunctionCall) async throws -> FunctionCallReport {
            steps.append("begin")
            await Task { _ = await gate.wait(for: 1) }.value
            steps.append("end")
            return .completed(FunctionCallResult("late"))
        }
    }

    @Test("An executor is stopped after a late call has ended, or two seconds later", arguments: [true, false])
    func stop_comesAfterALateCall(ends: Bool) async throws {
        let executor = Stubborn()
        let bench = try CallBench(executor, timeout: .seconds(5))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        _ = await executor.steps.wait(for: 1)
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .seconds(5))
        #expect(await bench.watched.outcomes(1).map(\.state) == [.timedOut])
        async let stop: Void = bench.handler.stop()
        await bench.clock.waitForSleepers()
        #expect(executor.steps.elements == ["begin"])
        if ends { executor.gate.append(()) } else { bench.clock.advance(by: .seconds(2)) }
        await stop
        #expect(executor.steps.elements == (ends ? ["begin", "end", "stop"] : ["begin", "stop"]))
        if !ends { executor.gate.append(()) }
    }

    @Test("A rethrown failure of a nested call keeps all details")
    func rethrownFailure_keepsItsDetails() async throws {
        let inner = Made { _ in
            var report = FunctionCallReport(.rejected, .reason("sold out"), error: "shelf 4 is empty")
            report.exitStatus = 3
            report.standardError = "no such shelf"
            return report
        }
        let bench = try CallBench(swift { try await inner.execute($0) })
        let outcome = try await bench.run()
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"sold out (reference call_1)"}"#)
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"failed","exit_status":3,"output":"{\"error\":\"sold out (reference call_1)\"}","error":"shelf 4 is empty","stderr":"no such shelf","queued_ms":0,"ran_ms":0}"#
        )
    }

    @Test("An executor that ends late calls itself also reports on them")
    func lateCall_isReportedByItsExecutor() async throws {
        let executor = Made(endsLateCalls: true) { _ in
            FunctionCallReport(.timedOut, .reason("the server is asleep"), error: "no answer in 5s")
        }
        let outcome = try await CallBench(executor, timeout: .milliseconds(1)).run()
        #expect(outcome.state == .timedOut)
        #expect(outcome.output == #"{"error":"the server is asleep (reference call_1)"}"#)
        #expect(outcome.error == "no answer in 5s")
    }

    @Test("An unrequested cancellation is a failure")
    func cancelledReport_withoutACancellation_isAFailure() async throws {
        let outcome = try await CallBench(Made { _ in .cancelled() }).run()
        #expect(outcome.state == .failed)
        #expect(outcome.error == "the function gave the call up, and nobody had cancelled it")
    }

    @Test("A failed call's reason is for the model, its error for the journal")
    func failedReport_isJournalled() async throws {
        let bench = try CallBench(
            Made { _ in
                var report = FunctionCallReport.failed("sold out", error: "shelf 4 is empty")
                report.signal = 9
                report.isTruncated = true
                return report
            })
        let outcome = try await bench.run()
        #expect(outcome.output == #"{"error":"sold out (reference call_1)"}"#)
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"failed","signal":9,"output":"{\"error\":\"sold out (reference call_1)\"}","error":"shelf 4 is empty","queued_ms":0,"ran_ms":0,"truncated":true}"#
        )
    }

    @Test("Outside of a handler, a report without an answer is an error")
    func execute_throwsWhatIsNoAnswer() async throws {
        let answering = Made { _ in .completed(FunctionCallResult("4")) }
        #expect(try await answering.execute(FunctionCall()) == FunctionCallResult("4"))
        let refusing = Made { _ in .rejected(FunctionCallRefusal("not today")) }
        let failure = await #expect(throws: FunctionCallFailure.self) { try await refusing.execute(FunctionCall()) }
        #expect(failure?.reasonForModel == "not today" && failure?.state == .rejected)
    }
}
