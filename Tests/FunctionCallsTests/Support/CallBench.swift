import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import ScratchFolders

/// A handler with a journal in its own folder, a clock that stands still, and a session from which outcomes can be
/// read.
final class CallBench {
    let folder: ScratchFolder
    let clock = ManualClock()
    let watched = WatchedSession()
    let handler: FunctionCallHandler

    init(_ functions: [LocalFunction], maxConcurrent: Int = 16) throws {
        folder = try ScratchFolder()
        handler = FunctionCallHandler(
            functions, journal: "\(folder.path)/calls.jsonl", maxConcurrent: maxConcurrent, clock: clock)
    }

    /// A handler with the function `f`.
    convenience init(_ executor: any FunctionCallExecutor, timeout: Duration = .seconds(10)) throws {
        try self.init([LocalFunction("f", timeout: timeout, executor: executor)])
    }

    /// Runs one call and waits for its outcome.
    func run(_ arguments: JSONValue = [:], id: String = "call_1", name: String? = "f") async throws
        -> FunctionCallOutcome
    {
        try await handler.start()
        try await handler.handle(watched.delivery(id, name, arguments))
        let outcomes = await watched.outcomes(1)
        await handler.stop()
        return outcomes[0]
    }

    /// The journal's lines.
    var journal: [String] { folder.lines("calls.jsonl") }

    /// The journal's lines without their common beginning.
    var journalTails: [String] {
        let head = #"{"session":"demo","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","call_id":"call_1","#
        return journal.map { $0.hasPrefix(head) ? "…" + $0.dropFirst(head.count) : $0 }
    }
}

/// A shell script as a function. `words` are the script's arguments, and may be placeholders.
func shell(
    _ script: String, _ words: String..., input: CommandExecutor.Input = .arguments,
    limits: CommandLimits = CommandLimits(timeout: .seconds(240))
) throws -> CommandExecutor {
    try CommandExecutor(["/bin/sh", "-c", script, "sh"] + words, input: input, limits: limits)
}

/// A Swift function.
func swift(_ body: @escaping @Sendable (FunctionCall) async throws -> FunctionCallResult) -> ClosureExecutor {
    ClosureExecutor(body)
}
