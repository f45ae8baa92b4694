import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders

/// A handler with one function that the test ends call by call.
final class PolicyBench {
    let folder: ScratchFolder
    let clock: ManualClock
    let watched = WatchedSession()
    /// The ids of the calls that run or ran, in order.
    let ran = Collected<String>()
    /// Ends the calls that run, in any order: the answer, or nil for a failure.
    let gates = Collected<String?>()
    let handler: FunctionCallHandler

    /// - Parameter isGated: whether a call runs until the test says; else it succeeds at once.
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
            // It does not wait any longer when the call is cancelled.
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

    /// Gives the handler a call.
    func call(
        _ id: String, _ arguments: JSONValue = ["cart_id": 1], in session: WatchedSession? = nil, turn: Int? = nil
    ) async throws {
        try await handler.handle((session ?? watched).delivery(id, "order", arguments, turn: turn))
    }

    /// What came of the calls so far, once there is so much: `ID STATE OUTPUT`, in the order of the ids.
    func outcomes(_ count: Int) async -> [String] {
        await watched.outcomes(count).map { "\($0.callID ?? "") \($0.state?.rawValue ?? "") \($0.output ?? "-")" }
            .sorted()
    }
}
