import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// How the journal of earlier runs affects the calls of this run.
@Suite(.timeLimit(.minutes(5)))
struct JournalMemoryTests {
    private let folder: ScratchFolder
    private let ran = Collected<String>()

    init() throws { folder = try ScratchFolder() }

    private var path: String { "\(folder.path)/calls.jsonl" }
    private static let head = #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","#
    private static let lostError =
        "the call was started before, and the journal does not say how it ended; it is not repeated"
    private static let lostOutput =
        #"{"error":"outcome unknown: the function was started before, and may or may not have been done (reference call_1)"}"#

    /// A new handler, as the program would create it; its function records the calls that it runs.
    private func handler(
        _ recorded: RecordedCalls? = .journal, maxJournal: Int? = nil, isIdempotent: Bool = false
    ) -> FunctionCallHandler {
        let function = swift { [ran] call in
            ran.append(call.callID ?? "")
            if call.name == "g" { throw CallFailure() }
            return FunctionCallResult("answer of \(call.callID ?? "")")
        }
        let policy = FunctionPolicy(isIdempotent: isIdempotent)
        return FunctionCallHandler(
            ["f", "g"].map { LocalFunction($0, policy: policy, executor: function) }, journal: path,
            recordedCalls: recorded, maxJournal: maxJournal, clock: ManualClock())
    }

    private struct CallFailure: FunctionCallError { let reasonForModel = "sold out" }

    /// Runs calls one after the other with a new handler.
    @discardableResult private func run(
        _ ids: [String], _ name: String = "f", on handler: FunctionCallHandler, isInteractive: Bool = false
    ) async throws -> [FunctionCallOutcome] {
        let watched = WatchedSession(isInteractive: isInteractive)
        try await handler.start()
        for (index, id) in ids.enumerated() {
            try await handler.handle(watched.delivery(id, name))
            _ = await watched.outcomes(index + 1)
        }
        await handler.stop()
        return watched.outcomesSoFar()
    }

    private func write(_ text: String, to name: String = "calls.jsonl") throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    private static func started(_ id: String = "call_1") -> String {
        #"\#(head)"call_id":"\#(id)","name":"f","arguments":{},"state":"started","queued_ms":0}"#
    }

    @Test func journal_answersAFinishedCall() async throws {
        try await run(["call_1"], on: handler())
        try await run(["call_2"], "g", on: handler())
        let outcomes = try await run(["call_1", "call_2", "call_3"], on: handler())
        #expect(outcomes.map(\.state) == [.replayed, .replayed, .completed])
        #expect(outcomes.map(\.output) == ["answer of call_1", #"{"error":"sold out"}"#, "answer of call_3"])
        #expect(outcomes.map(\.error) == [nil, "sold out", nil])
        #expect(ran.elements == ["call_1", "call_2", "call_3"])
        #expect(
            folder.lines("calls.jsonl")[4]
                == #"\#(Self.head)"call_id":"call_1","name":"f","arguments":{},"state":"replayed","output":"answer of call_1"}"#
        )
    }

    @Test func journal_anotherSessionIsAnotherCall() async throws {
        try await run(["call_1"], on: handler())
        let (other, again) = (WatchedSession("other", sessionID: "sess_2"), handler())
        try await again.start()
        try await again.handle(other.delivery("call_1"))
        #expect(await other.outcomes(1).map(\.state) == [.completed])
        await again.stop()
    }

    @Test func journal_openCallIsNotRepeated() async throws {
        try write(Self.started() + "\n")
        let outcomes = try await run(["call_1"], on: handler())
        #expect(outcomes.map(\.state) == [.unknown])
        #expect(outcomes.map(\.output) == [Self.lostOutput])
        #expect(outcomes.map(\.error) == [Self.lostError])
        #expect(ran.elements == [])
        let again = try await run(["call_1"], on: handler())
        #expect(again.map(\.state) == [.unknown])
    }

    @Test func journal_openIdempotentCallRunsAgain() async throws {
        try write(Self.started() + "\n")
        let outcomes = try await run(["call_1"], on: handler(isIdempotent: true))
        #expect(outcomes.map(\.state) == [.completed])
        let again = try await run(["call_1"], on: handler(isIdempotent: true))
        #expect(again.map(\.state) == [.replayed])
        #expect(ran.elements == ["call_1"])
    }

    @Test(arguments: [
        (#""state":"cancelled""#, FunctionCallState.unknown), (#""state":"rejected""#, .unknown),
        (#""state":"timed_out""#, .replayed),
    ])
    func howAStartedCallEnded(_ state: String, _ expected: FunctionCallState) async throws {
        try write("\(Self.started())\n\(Self.head)\"call_id\":\"call_1\",\(state)}\n")
        #expect(try await run(["call_1"], on: handler()).map(\.state) == [expected])
        #expect(ran.elements == [])
    }

    @Test func journal_refusedCallRuns() async throws {
        try write(
            "\(Self.head)\"call_id\":\"call_1\",\"state\":\"rejected\"}\n\(Self.head)\"call_id\":\"call_2\",\"state\":\"cancelled\"}\n"
        )
        #expect(try await run(["call_1", "call_2"], on: handler()).map(\.state) == [.completed, .completed])
    }

    @Test(arguments: [
        (RecordedCalls?.none, false, FunctionCallState.completed), (nil, true, .replayed), (.run, true, .completed),
        (.journal, false, .replayed),
    ])
    func whenItIsNotSaidLiveCallsAreRemembered(
        _ recorded: RecordedCalls?, _ isInteractive: Bool, _ expected: FunctionCallState
    ) async throws {
        try await run(["call_1"], on: handler(recorded))
        let outcomes = try await run(["call_1"], on: handler(recorded), isInteractive: isInteractive)
        #expect(outcomes.map(\.state) == [expected])
    }

    @Test func journal_truncatedLineIsSkippedAndReported() async throws {
        try write(Self.started() + "\n" + Self.started("call_2").prefix(100))
        let handler = handler()
        #expect(try await run(["call_1", "call_2"], on: handler).map(\.state) == [.unknown, .completed])
        #expect(
            handler.summary
                == HandlerSummary(
                    json: ["torn_journal_lines": 1],
                    lines: ["1 journal line is truncated and was skipped, as after a crash"]))
        // The next record starts on a line of its own.
        let lines = folder.lines("calls.jsonl")
        #expect(lines[1] == Self.started("call_2").prefix(100))
        #expect(lines[3] == Self.started("call_2"))
        let again = self.handler()
        #expect(try await run(["call_2"], on: again).map(\.state) == [.replayed])
        #expect(self.handler(.run).summary == nil)
    }

    @Test func journal_isLocked() async throws {
        let (first, second) = (handler(), handler(.run))
        try await first.start()
        let error = await #expect(throws: FileFailure.self) { try await second.start() }
        #expect(
            error?.description
                == "cannot write \(path): another router, or another handler of this one, has it open; end that one, or give each a file of its own: `calls-${INSTANCE}.jsonl`, with another value of INSTANCE in the environment of each"
        )
        await first.stop()
        #expect(try await run(["call_1"], on: second).map(\.state) == [.completed])
    }

    @Test func journal_fullFileIsRenamedAndStaysKnown() async throws {
        let ids = (1...4).map { "call_\($0)" }
        try await run(Array(ids[0...1]), on: handler(maxJournal: 300))
        try await run(Array(ids[2...3]), on: handler(maxJournal: 300))
        #expect(folder.names == ["calls.jsonl", "calls.jsonl.1", "calls.jsonl.2", "calls.jsonl.3"])
        #expect(folder.lines("calls.jsonl.2").map { $0.contains(#""call_id":"call_2""#) } == [true, true])

        let outcomes = try await run(ids, on: handler(maxJournal: 300))
        #expect(outcomes.map(\.output) == ids.map { "answer of \($0)" })
        #expect(outcomes.allSatisfy { $0.state == .replayed })

        // Only the removed calls are forgotten.
        try FileManager.default.removeItem(atPath: path + ".2")
        #expect(
            try await run(ids, on: handler()).map(\.state) == [.replayed, .completed, .replayed, .replayed])
    }

    @Test func journal_removedFileLeavesTheOutcomeUnknown() async throws {
        try await run(["call_1"], on: handler())
        try await run(["call_2"], on: handler(maxJournal: 1))
        let (watched, handler) = (WatchedSession(), handler())
        try await handler.start()
        try FileManager.default.removeItem(atPath: path + ".1")
        try await handler.handle(watched.delivery("call_1"))
        #expect(await watched.outcomes(1).map(\.state) == [.unknown])
        await handler.stop()
    }

    @Test func journal_forgottenSessionLeavesTheOutcomeUnknown() async throws {
        try await run(["call_1"], on: handler())
        let (watched, handler) = (WatchedSession(), handler())
        try await handler.start()
        #expect(try RecordLines(path: path).forget(session: "demo") == 2)
        try await handler.handle(watched.delivery("call_1"))
        #expect(await watched.outcomes(1).map(\.output) == [Self.lostOutput])
        await handler.stop()
    }

    @Test func journal_crashDuringARenamingIsHarmless() async throws {
        try await run(["call_1"], on: handler())
        #expect(link(path, path + ".1") == 0)
        try write("", to: "calls.jsonl.new")
        let outcomes = try await run(["call_1", "call_2"], on: handler(maxJournal: 1))
        #expect(outcomes.map(\.state) == [.replayed, .completed])
        #expect(folder.names == ["calls.jsonl", "calls.jsonl.1"])
        #expect(folder.lines("calls.jsonl.1").count == 3)
        #expect(folder.lines("calls.jsonl").count == 2)
    }
}
