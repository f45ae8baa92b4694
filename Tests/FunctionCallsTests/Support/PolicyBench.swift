import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders

/// A handler with one function whose calls the test ends one by one.
final class PolicyBench {
    let folder: ScratchFolder
    let clock: ManualClock
    let watched = WatchedSession()
    /// The ids of the calls that were started, in order.
    let ran = Collected<String>()
    /// Ends the running calls, in any order, with an answer or nil for a failure.
    let gates = Collected<String?>()
    let handler: FunctionCallHandler

    /// - Parameter isGated: whether a call runs until the test ends it; otherwise it succeeds immediately.
    init(
        _ policy: FunctionPolicy, caps: CallCaps = CallCaps(), maxConcurrent: Int = 16, isGated: Bool = false,
        folder: ScratchFolder? = nil, clock: ManualClock = ManualClock(), recorded: RecordedCalls? = nil
    ) throws {
        self.folder = try folder ?? ScratchFolder()
        self.clock = clock
        let function = swift { [ran, gates] call in
            ran.append(call.callID ?? "")
            guard isGated else { return FunctionCallResult("answer of \(call.callID ?? "")") }
            let place = ran.elements.firstIndex(of: call.callID ?? "") ?? 0
            let answers = await gates.wait(for: place + 1)
            // Stops waiting when the call is cancelled.
            guard place < answers.count else { throw CancellationError() }
            guard let answer = answers[place] else { throw SoldOut() }
            return FunctionCallResult(answer)
        }
        handler = FunctionCallHandler(
            [LocalFunction("order", timeout: .seconds(48 * 3600), policy: policy, executor: function)],
            journal: "\(self.folder.path)/calls.jsonl", recordedCalls: recorded, maxConcurrent: maxConcurrent,
            caps: caps, clock: clock)
    }

    struct SoldOut: FunctionCallError { let reasonForModel = "sold out" }

    /// Delivers a call to the handler.
    func call(
        _ id: String, _ arguments: JSONValue = ["cart_id": 1], in session: WatchedSession? = nil, turn: Int? = nil
    ) async throws {
        try await handler.handle((session ?? watched).delivery(id, "order", arguments, turn: turn))
    }

    /// Waits for a number of outcomes, and returns all: `ID STATE OUTPUT`, sorted by id.
    func outcomes(_ count: Int) async -> [String] {
        await watched.outcomes(count).map { "\($0.callID ?? "") \($0.state?.rawValue ?? "") \($0.output ?? "-")" }
            .sorted()
    }
}
