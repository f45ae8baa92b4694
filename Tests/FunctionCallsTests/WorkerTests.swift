import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Functions run by a worker process; each test starts real ones.
@Suite(.timeLimit(.minutes(5)))
struct WorkerTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// A worker that runs a script for each line; `$id` is the line's number.
    private func worker(
        _ body: String, first: String = ":", timeout: Duration = .seconds(60), maximumOutput: Int = 64 * 1024,
        clock: any RouterClock = .system
    ) -> WorkerExecutor {
        let script = "echo $$ >> pids; \(first); while read -r line; do id=${line#*:}; id=${id%%,*}; \(body); done"
        let limits = CommandLimits(timeout: timeout, killAfter: .milliseconds(500), maximumOutput: maximumOutput)
        return WorkerExecutor(
            LocalCommand(["/bin/sh", "-c", script], workingDirectory: folder.path, limits: limits), clock: clock)
    }

    private static let ok = #"echo "{\"id\":$id,\"output\":\"ok $id\"}""#

    /// Sends calls to a worker one after the other, between a start and a stop of the handler.
    private func run(_ executor: WorkerExecutor, _ ids: String...) async throws -> (CallBench, [FunctionCallOutcome]) {
        let bench = try CallBench(executor)
        try await bench.handler.start()
        for (index, id) in ids.enumerated() {
            try await bench.handler.handle(
                bench.watched.delivery(id, "f", ["city": "Lisbon"], labels: ["tenant": "acme"]))
            _ = await bench.watched.outcomes(index + 1)
        }
        await bench.handler.stop()
        return (bench, bench.watched.outcomesSoFar())
    }

    private var pids: [Int] { folder.lines("pids").compactMap(Int.init) }

    @Test func worker_exchangesOneLinePerCall() async throws {
        let executor = worker(#"echo "$line" >> lines; echo "{\"id\":$id,\"output\":{\"celsius\":21}}""#)
        let (bench, outcomes) = try await run(executor, "call_1", "call_2")
        #expect(
            folder.lines("lines")
                == ["1", "2"].map { number in
                    #"{"id":\#(number),"name":"f","arguments":{"city":"Lisbon"},"call_id":"call_\#(number)","key":"sess_1:call_\#(number)","session":"demo","labels":{"tenant":"acme"}}"#
                })
        #expect(outcomes.map(\.output) == [#"{"celsius":21}"#, #"{"celsius":21}"#])
        #expect(bench.journal.count == 4)
        #expect(pids.count == 1)
        #expect(await soon { isGone(group: pids[0]) })
    }

    @Test func worker_answersConcurrentCallsInAnyOrder() async throws {
        // Answers two lines at a time, the second one first.
        let body =
            #"read -r next; other=${next#*:}; other=${other%%,*}; \#(Self.ok.replacing("$id", with: "$other")); \#(Self.ok)"#
        let executor = worker(body)
        let bench = try CallBench([LocalFunction("f", executor: executor)], maxConcurrent: 64)
        try await bench.handler.start()
        for number in 1...40 { try await bench.handler.handle(bench.watched.delivery("call_\(number)")) }
        let outcomes = await bench.watched.outcomes(40)
        await bench.handler.stop()
        #expect(outcomes.allSatisfy { $0.state == .completed })
        #expect(Set(outcomes.compactMap(\.output)) == Set((1...40).map { "ok \($0)" }))
        #expect(pids.count == 1)
    }

    @Test(arguments: [
        (#"\"error\":\"no such city\""#, #"{"error":"no such city"}"#, "no such city"),
        (
            #"\"outptu\":1"#, #"{"error":"the function failed (reference call_1)"}"#,
            "the worker's answer has neither `output` nor `error`"
        ),
    ])
    func anAnswerThatIsNone(_ rest: String, _ output: String, _ error: String) async throws {
        let (_, outcomes) = try await run(worker(#"echo "{\"id\":$id,\#(rest)}""#), "call_1")
        #expect(outcomes.map(\.state) == [.failed])
        #expect(outcomes.map(\.output) == [output])
        #expect(outcomes.map(\.error) == [error])
    }

    @Test func workerExit_duringACallRestartsTheWorker() async throws {
        let body = #"if [ $id -eq 2 ]; then echo oops >&2; exit 3; fi; \#(Self.ok)"#
        let (bench, outcomes) = try await run(worker(body), "call_1", "call_2", "call_3")
        #expect(outcomes.map(\.state) == [.completed, .failed, .completed])
        #expect(outcomes[1].output == #"{"error":"the function failed (reference call_2)"}"#)
        #expect(outcomes[1].error == "the worker ended before it answered: it exited with status 3")
        #expect(outcomes[1].exitStatus == 3)
        #expect(bench.journal[3].contains(#""stderr":"oops""#))
        #expect(Set(pids).count == 2)
        for pid in pids { #expect(await soon { isGone(group: pid) }) }
    }

    @Test func worker_otherOutputIsKeptForTheJournal() async throws {
        let body =
            #"echo rubbish; echo '{"id":99,"output":1}'; echo '{"id":"1"}'; echo; \#(Self.ok); [ $id -eq 1 ] || \#(Self.ok.replacing("$id", with: "1"))"#
        let (bench, outcomes) = try await run(worker(body), "call_1", "call_2", "call_3")
        #expect(outcomes.map(\.output) == ["ok 1", "ok 2", "ok 3"])
        let said = try #require(JSONValue(parsing: bench.journal[1])["stderr"]?.string)
        #expect(
            said == """
                router: the worker wrote a line that is no answer: `rubbish`
                router: the worker wrote an answer to call 99, which does not exist
                router: the worker wrote a line that is no answer: `{"id":"1"}`
                router: the worker wrote a line that is no answer: ``
                """)
        // With the second or the third call: it follows the answer to the second.
        #expect(bench.journal[3...].joined().contains("an answer to call 1, which nobody waits for"))
    }

    @Test func worker_survivesLongStandardError() async throws {
        let (bench, outcomes) = try await run(
            worker("head -c 2000000 /dev/zero | tr '\\0' e >&2; \(Self.ok)"), "call_1", "call_2")
        #expect(outcomes.map(\.output) == ["ok 1", "ok 2"])
        #expect(bench.journal.allSatisfy { $0.utf8.count < 5000 })
    }

    @Test func overlongLine_replacesTheWorker() async throws {
        let body = "if [ $id -eq 1 ]; then while :; do printf %1000s x; done; fi; \(Self.ok)"
        let (_, outcomes) = try await run(worker(body, maximumOutput: 2000), "call_1", "call_2")
        #expect(outcomes.map(\.state) == [.failed, .completed])
        #expect(outcomes[0].error == "the worker ended before it answered: it wrote a line longer than 2000 bytes")
    }

    @Test func timeout_replacesAStuckWorker() async throws {
        let clock = ManualClock()
        let executor = worker("[ $id -ne 1 ] || sleep 600; \(Self.ok)", timeout: .seconds(5), clock: clock)
        let bench = try CallBench(executor)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        await clock.waitForSleepers()
        #expect(await soon { !pids.isEmpty })
        clock.advance(by: .seconds(5))
        let first = await bench.watched.outcomes(1)[0]
        #expect(first.state == .timedOut)
        #expect(first.error == "the function took longer than 5s")
        #expect(await soon { pids.count == 2 })
        try await bench.handler.handle(bench.watched.delivery("call_2"))
        #expect(await bench.watched.outcomes(2)[1].output == "ok 2")
        await bench.handler.stop()
        for pid in pids { #expect(await soon { isGone(group: pid) }) }
    }

    @Test func restartDelay_grows() async throws {
        let clock = ManualClock()
        let executor = worker(":", first: "exit 1", clock: clock)
        let bench = try CallBench(executor)
        try await bench.handler.start()
        // Two starts immediately, then after 200 ms and after 400 ms.
        await clock.waitForSleepers()
        #expect(pids.count == 2)
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        clock.advance(by: .milliseconds(200))
        #expect(await soon { pids.count == 3 })
        // The call waited for that start.
        let outcome = await bench.watched.outcomes(1)[0]
        #expect(outcome.output == #"{"error":"the function failed (reference call_1)"}"#)
        #expect(outcome.error == "the worker ended before it answered: it exited with status 1")
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(399))
        #expect(pids.count == 3)
        clock.advance(by: .milliseconds(1))
        #expect(await soon { pids.count == 4 })
        await bench.handler.stop()
    }

    @Test func missingProgram_failsEachCall() async throws {
        let executor = WorkerExecutor(LocalCommand(["/no/such/worker"]), clock: ManualClock())
        let (_, outcomes) = try await run(executor, "call_1")
        #expect(outcomes[0].state == .failed)
        #expect(outcomes[0].error?.hasSuffix("/no/such/worker: no such program") == true)
    }

    @Test func stop_killsAWorkerThatIgnoresTERM() async throws {
        let first = "trap '' TERM; (trap '' TERM; sleep 600) &"
        let executor = worker("while :; do sleep 1; done", first: first + " :")
        let bench = try CallBench(executor)
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery("call_1"))
        #expect(await soon { !pids.isEmpty })
        await bench.handler.stop()
        #expect(bench.watched.outcomesSoFar().map(\.state) == [.cancelled])
        #expect(await soon { isGone(group: pids[0]) })
        // A handler can be started again.
        try await bench.handler.start()
        #expect(await soon { pids.count == 2 })
        await bench.handler.stop()
        #expect(await soon { isGone(group: pids[1]) })
    }

    @Test func worker_startsWithoutAHandler() async throws {
        let executor = worker(Self.ok)
        var call = FunctionCall()
        call.callID = "call_1"
        call.arguments = [:]
        #expect(try await executor.execute(call).output == "ok 1")
        await executor.stop()
        #expect(await soon { isGone(group: pids[0]) })
        #expect(try await executor.execute(call).output == "ok 2")
        await executor.stop()
        #expect(await soon { isGone(group: pids[1]) })
    }
}
