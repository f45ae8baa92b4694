import ConfigSource
import EventRouter
import RealtimeEvents

/// Runs a call of a function, within the function's time.
struct CallExecution {
    private let function: LocalFunction
    private let environment: RouterEnvironment

    /// What a cancelled function has to come to its end before nobody waits for it any more.
    private static let grace = Duration.seconds(2)

    init(_ function: LocalFunction, in environment: RouterEnvironment) {
        self.function = function
        self.environment = environment
    }

    /// Runs the call.
    ///
    /// - Parameter leave: gets the task of a call that goes on although its report is there, and whether it was waited for in vain.
    func report(
        on call: FunctionCall, leaving leave: (_ body: Task<Void, Never>, _ hadGrace: Bool) -> Void
    ) async -> FunctionCallReport {
        if function.managed?.endsLateCalls == true { return await unlimited(call) }
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
            leave(body, false)
            return .timedOut(after: Measure.text(function.timeout))
        case .cancelled:
            if !(await Self.awaitEnd(of: [body], in: environment)) { leave(body, true) }
            return .cancelled()
        }
    }

    /// Runs a call of an executor that ends late calls itself.
    private func unlimited(_ call: FunctionCall) async -> FunctionCallReport {
        do { return Self.checked(try await run(call)) } catch is CancellationError where Task.isCancelled {
            return .cancelled()
        } catch {
            return Self.report(on: error)
        }
    }

    /// A report that answers the call, unless the call was cancelled: the model waits for an answer.
    private static func checked(_ report: FunctionCallReport) -> FunctionCallReport {
        guard report.isAbandoned, !Task.isCancelled else { return report }
        return .failed(.failed, error: "the function gave the call up, and nobody had cancelled it")
    }

    private func run(_ call: FunctionCall) async throws -> FunctionCallReport {
        if let managed = function.managed { return try await managed.run(call) }
        return .completed(try await function.executor.execute(call))
    }

    /// Lets functions that heed their cancellation tidy up.
    ///
    /// - Returns: Whether they have ended in time.
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

    /// The report of the call inside this one that failed. Whatever became of that one, this one was run, and is answered.
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
