import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Which calls of earlier runs are the same call: decided by session, `call_id` and occurrence.
@Suite(.timeLimit(.minutes(5)))
struct CallIdentityTests {
    private let folder: ScratchFolder
    private let ran = Collected<String>()

    init() throws { folder = try ScratchFolder() }

    /// A call as a session delivers it to a handler.
    struct Call: Sendable {
        var key = "demo"
        var sessionID: String? = "sess_1"
        var id = "call_0"
        var occurrence: Int?
        var response: String?
        var item: String?
    }

    /// Runs calls one after the other with a new handler, as after a restart of the program.
    @discardableResult private func run(_ calls: Call...) async throws -> [FunctionCallOutcome] {
        let function = swift { [ran] call in
            ran.append("\(call.responseID ?? "-") \(call.occurrence ?? 1)")
            return FunctionCallResult("answer \(ran.elements.count)")
        }
        let handler = FunctionCallHandler(
            [LocalFunction("f", executor: function)], journal: "\(folder.path)/calls.jsonl", recordedCalls: .journal,
            clock: ManualClock())
        try await handler.start()
        var outcomes: [FunctionCallOutcome] = []
        for call in calls {
            let watched = WatchedSession(call.key, sessionID: call.sessionID)
            try await handler.handle(
                watched.delivery(
                    call.id, "f", occurrence: call.occurrence, response: call.response, item: call.item))
            outcomes += await watched.outcomes(1)
        }
        await handler.stop()
        return outcomes
    }

    @Test("The server's session id names the session, whatever key the router has for it")
    func sessionKeyThatChanges_isTheSameSession() async throws {
        try await run(Call(key: "stdin#2"))
        #expect(try await run(Call(key: "stdin")).map(\.state) == [.replayed])
        #expect(try await run(Call(key: "renamed")).map(\.output) == ["answer 1"])
        #expect(try await run(Call(key: "stdin#2", sessionID: "sess_2")).map(\.state) == [.completed])
    }

    @Test(
        "The key stands in for a session id that is missing",
        arguments: [
            (Call(sessionID: nil), Call(sessionID: nil), FunctionCallState.replayed),
            (Call(sessionID: nil), Call(key: "other", sessionID: nil), .completed),
            (Call(sessionID: nil), Call(), .replayed),
            (Call(), Call(sessionID: nil), .replayed),
            (Call(), Call(key: "other", sessionID: nil), .completed),
        ])
    func missingSessionID_isReplacedByTheKey(first: Call, second: Call, state: FunctionCallState) async throws {
        try await run(first)
        #expect(try await run(second).map(\.state) == [state])
    }

    @Test("Each occurrence of a call_id is a separate call, in one run and across restarts")
    func occurrences_areRunOnceEach() async throws {
        let first = Call(response: "r1", item: "f1")
        let second = Call(occurrence: 2, response: "r2", item: "f2")
        let outcomes = try await run(first, second)
        #expect(outcomes.map(\.state) == [.completed, .completed])
        #expect(outcomes.map(\.occurrence) == [1, 2])
        let again = try await run(second, first)
        #expect(again.map(\.state) == [.replayed, .replayed])
        #expect(again.map(\.output) == ["answer 2", "answer 1"])
        #expect(ran.elements == ["r1 1", "r2 2"])
    }

    @Test("A router started in the middle of a session continues the journal's count")
    func restartOnTheRest_countsOn() async throws {
        try await run(Call(response: "r1", item: "f1"))
        // This run's session sees the `call_id` for the first time.
        let outcomes = try await run(Call(response: "r2", item: "f2"))
        #expect(outcomes.map(\.state) == [.completed])
        #expect(outcomes.map(\.occurrence) == [1], "the session's own number, by which it finds the call")
        #expect(ran.elements == ["r1 1", "r2 2"])
        #expect(
            folder.lines("calls.jsonl").map { line in
                (try? JSONValue(parsing: line)).map {
                    "\($0["occurrence"]?.description ?? "-") \($0["state"]?.string ?? "")"
                }
            } == ["- started", "- completed", "2 started", "2 completed"])
        #expect(try await run(Call(response: "r2", item: "f2")).map(\.output) == ["answer 2"])
        #expect(
            try await run(Call(response: "r1", item: "f1"), Call(occurrence: 2, response: "r2", item: "f2"))
                .map(\.output) == ["answer 1", "answer 2"])
    }

    @Test(
        "An id in common shows that a call is the same, and without ids the occurrence decides",
        arguments: [
            (Call(response: "r1", item: "f1"), Call(response: "r1", item: "f9"), FunctionCallState.replayed),
            (Call(response: "r1", item: "f1"), Call(response: "r9", item: "f1"), .replayed),
            (Call(response: "r1", item: "f1"), Call(response: "r9"), .replayed),
            (Call(), Call(response: "r1", item: "f1"), .replayed),
            (Call(), Call(occurrence: 2, response: "r1", item: "f1"), .completed),
            (Call(response: "r1", item: "f1"), Call(response: "r9", item: "f9"), .completed),
        ])
    func missingIDs_doNotMakeAnotherCall(first: Call, second: Call, state: FunctionCallState) async throws {
        try await run(first)
        #expect(try await run(second).map(\.state) == [state])
    }

    @Test("Journal lines without session ids, occurrences and responses are still found")
    func olderJournal_isStillKnown() async throws {
        let lines = [
            #"{"session":"demo","time":"2026-01-01T00:00:00.000Z","call_id":"call_0","name":"f","arguments":{},"state":"started","queued_ms":0}"#,
            #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","call_id":"call_0","name":"f","arguments":{},"state":"completed","output":"old"}"#,
        ]
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(folder.path)/calls.jsonl"))
        let outcomes = try await run(
            Call(response: "r1", item: "f1"), Call(occurrence: 2, response: "r2", item: "f2"))
        #expect(outcomes.map(\.output) == ["old", "answer 1"])
    }

    @Test("A journal line names the call by all of its ids")
    func journalLine_hasTheIDs() async throws {
        try await run(Call(occurrence: 3, response: "r1", item: "f1"))
        #expect(
            folder.lines("calls.jsonl").first
                == #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","call_id":"call_0","occurrence":3,"response_id":"r1","item_id":"f1","name":"f","arguments":{},"state":"started","queued_ms":0}"#
        )
    }

    @Test("A command's key and input distinguish occurrences")
    func commandOfALaterOccurrence_hasAKeyOfItsOwn() async throws {
        let watched = WatchedSession()
        let executor = try shell(#"printf '%s ' "$ROUTER_CALL_KEY"; cat"#, input: .call)
        let handler: FunctionCallHandler = .functionCalls(["f": executor])
        try await handler.handle(watched.delivery("call_0", occurrence: 2))
        #expect(
            await watched.outcomes(1)[0].output
                == #"sess_1:call_0#2 {"call_id":"call_0","occurrence":2,"name":"f","arguments":{},"session":"demo","labels":{}}"#
        )
        await handler.stop()
    }

    @Test("A command's key names the session by the server's id, so that it is equal in a renamed file")
    func keyOfACommand_isThatOfTheServersSession() async throws {
        let executor = try shell(#"printf %s "$ROUTER_CALL_KEY""#, input: .none)
        for key in ["monday", "renamed"] {
            let watched = WatchedSession(key, sessionID: "sess_1")
            let handler: FunctionCallHandler = .functionCalls(["f": executor])
            try await handler.handle(watched.delivery("call_0"))
            #expect(await watched.outcomes(1)[0].output == "sess_1:call_0")
            await handler.stop()
        }
    }

    @Test("Waiting calls have separate occurrences before the journal has them")
    func waitingCalls_areToldApart() async throws {
        try await run(Call(response: "r1", item: "f1"))
        let (gate, open) = AsyncStream<Void>.makeStream()
        let function = swift { [ran] call in
            if call.callID == "first" { for await _ in gate { break } }
            ran.append("\(call.responseID ?? "-") \(call.occurrence ?? 1)")
            return FunctionCallResult("")
        }
        let handler = FunctionCallHandler(
            [LocalFunction("f", executor: function)], journal: "\(folder.path)/calls.jsonl",
            recordedCalls: .journal, maxConcurrent: 1, clock: ManualClock())
        try await handler.start()
        let watched = WatchedSession()
        // This run's session counts only the calls that it sees, and has not seen the call of the earlier run.
        for (id, occurrence, response) in [("first", 1, "r0"), ("call_0", 1, "r2"), ("call_0", 2, "r3")] {
            try await handler.handle(
                watched.delivery(id, occurrence: occurrence, response: response, item: "item of \(response)"))
        }
        open.yield()
        _ = await watched.outcomes(3)
        await handler.stop()
        #expect(ran.elements == ["r1 1", "r0 1", "r2 2", "r3 3"])
    }
}
