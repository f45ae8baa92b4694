import ConfigSource
import EventRouter
import RealtimeEvents

/// Runs a call of a function within the function's timeout.
struct CallExecution {
    private let function: LocalFunction
    private let environment: RouterEnvironment

    /// The time that a cancelled function has to finish before the router stops waiting for it.
    private static let grace = Duration.seconds(2)

    init(_ function: LocalFunction, in environment: RouterEnvironment) {
        self.function = function
        self.environment = environment
    }

    /// Runs the call.
    ///
    /// - Parameter onUnfinished: called with the task of a call that is still running although its report is known, and
    ///   whether the grace period has already been waited for.
    func report(
        on call: FunctionCall, onUnfinished: (_ body: Task<Void, Never>, _ hadGrace: Bool) -> Void
    ) async -> FunctionCallReport {
        if function.managed?.endsLateCalls == true { return await runWithoutTimeout(call) }
        let ending = Promise<Ending>()
        let body = environment.task {
            let result: Result<FunctionCallReport, any Error>
            do { result = .success(try await run(call)) } catch { result = .failure(error) }
            ending.fulfill(.finished(result))
            return
        }
        let first = await ending.value(
            within: function.timeout, on: environment.clock, late: .timedOut, cancelled: .cancelled)
        body.cancel()
        switch first {
        case .finished(.success(let report)): return Self.checked(report)
        case .finished(.failure(let error)): return Self.report(on: error)
        case .timedOut:
            onUnfinished(body, false)
            return .timedOut(after: Measure.text(function.timeout))
        case .cancelled:
            if !(await Self.awaitEnd(of: [body], in: environment)) { onUnfinished(body, true) }
            return .cancelled()
        }
    }

    /// Runs a call whose executor enforces the timeout itself.
    private func runWithoutTimeout(_ call: FunctionCall) async -> FunctionCallReport {
        do { return Self.checked(try await run(call)) } catch is CancellationError where Task.isCancelled {
            return .cancelled()
        } catch {
            return Self.report(on: error)
        }
    }

    /// Replaces a report without an answer with a failure, unless the call was cancelled: the model is waiting for an
    /// answer.
    private static func checked(_ report: FunctionCallReport) -> FunctionCallReport {
        guard report.isAbandoned, !Task.isCancelled else { return report }
        return .failed(.failed, error: "the function gave the call up, and nobody had cancelled it")
    }

    private func run(_ call: FunctionCall) async throws -> FunctionCallReport {
        if let managed = function.managed { return try await managed.run(call) }
        return .completed(try await function.executor.execute(call))
    }

    /// Waits for cancelled functions to clean up, for the grace period at most.
    ///
    /// - Returns: Whether all of them have ended.
    static func awaitEnd(of bodies: [Task<Void, Never>], in environment: RouterEnvironment) async -> Bool {
        let haveEnded = Promise<Bool>()
        let timer = environment.throwingTask { [clock = environment.clock] in
            try await clock.sleep(for: grace)
            haveEnded.fulfill(false)
        }
        environment.task {
            for body in bodies { await body.value }
            haveEnded.fulfill(true)
        }
        defer { timer.cancel() }
        return await haveEnded.value
    }

    private static func report(on error: any Error) -> FunctionCallReport {
        if let failure = error as? FunctionCallFailure { return report(on: failure) }
        guard let error = error as? any FunctionCallError else { return .failed(.failed, error: "\(error)") }
        let words = FunctionCallReport.Answer.error(error.reasonForModel)
        return FunctionCallReport(.failed, .output(words), error: error.reasonForModel)
    }

    /// The report for a call that failed because a nested call failed. Whatever happened to the nested call, this call
    /// has run, so it gets an answer.
    private static func report(on failure: FunctionCallFailure) -> FunctionCallReport {
        var report = failure.report
        if report.state != .timedOut { report.state = .failed }
        if report.answer == .nothing { report.answer = .reason(.failed) }
        report.error = failure.description
        return report
    }

    private enum Ending: Sendable {
        case finished(Result<FunctionCallReport, any Error>)
        case timedOut
        case cancelled
    }
}
