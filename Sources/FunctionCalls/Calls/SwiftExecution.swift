import ConfigSource
import EventRouter
import RealtimeEvents

/// Runs a function that is Swift code, within its time.
struct SwiftExecution {
    private let executor: any FunctionCallExecutor
    private let timeout: Duration
    private let clock: any RouterClock

    /// What a cancelled function has to come to its end before nobody waits for it any more.
    private static let grace = Duration.seconds(2)

    init(_ function: LocalFunction, clock: any RouterClock) {
        executor = function.executor
        timeout = function.timeout
        self.clock = clock
    }

    func report(on call: FunctionCall) async -> ExecutionReport {
        let ending = FirstValue<Ending>()
        let body = Task { [executor] in
            let result: Result<FunctionCallResult, any Error>
            do { result = .success(try await executor.execute(call)) } catch { result = .failure(error) }
            ending.give(.finished(result))
            return
        }
        let first = await ending.value(within: timeout, on: clock, late: .timedOut, cancelled: .cancelled)
        body.cancel()
        switch first {
        case .finished(.success(let result)): return .completed(result.output)
        case .finished(.failure(let error)): return Self.report(on: error)
        case .timedOut: return .timedOut(after: Measure.text(timeout))
        case .cancelled:
            await awaitEnd(of: body)
            return .cancelled()
        }
    }

    /// Lets a function that heeds its cancellation tidy up.
    private func awaitEnd(of body: Task<Void, Never>) async {
        let end = FirstValue<Void>()
        let timer = Task { [clock] in
            try await clock.sleep(for: Self.grace)
            end.give(())
        }
        Task {
            await body.value
            end.give(())
        }
        await end.value
        timer.cancel()
    }

    private static func report(on error: any Error) -> ExecutionReport {
        guard let error = error as? any FunctionCallError else { return .failed(.failed, error: "\(error)") }
        let words = CallAnswer.error(error.reasonForModel)
        return ExecutionReport(.failed, .output(words), error: error.reasonForModel)
    }

    private enum Ending: Sendable {
        case finished(Result<FunctionCallResult, any Error>)
        case timedOut
        case cancelled
    }
}
