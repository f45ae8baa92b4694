import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// Which calls of a function need somebody's approval, and whose.
///
/// The calls that need none are the exception that is written down, so that whatever nobody thought of needs it.
package struct ApprovalRule: Sendable {
    /// What becomes of a call about which nothing was decided in time.
    package enum Otherwise: String, Sendable, Hashable, CaseIterable {
        /// It is rejected.
        case reject
        /// It runs.
        case approve
    }

    /// The arguments of calls that need no approval; nil when all need it.
    package var exception: ArgumentPattern?
    /// Who decides.
    package var approver: any CallApprover
    /// How long that may take.
    package var timeout: Duration
    /// What becomes of a call about which nothing was decided in time.
    package var otherwise: Otherwise

    /// Makes a rule.
    package init(
        unless exception: ArgumentPattern? = nil, approver: any CallApprover, timeout: Duration = .seconds(30),
        otherwise: Otherwise = .reject
    ) {
        self.exception = exception
        self.approver = approver
        self.timeout = timeout
        self.otherwise = otherwise
    }

    /// Who decides on calls that the exception is about, in the journal.
    static let byException = "unless"

    /// The decision on a call; it names who made it.
    func decision(on call: FunctionCall, in environment: RouterEnvironment) async -> CallDecision {
        if let exception, let arguments = call.argumentObject, exception.matches(arguments) {
            return CallDecision(isApproved: true, decidedBy: Self.byException)
        }
        let first = Promise<Result<CallDecision, any Error>>()
        let question = environment.task { [approver] in
            do { first.fulfill(.success(try await approver.decide(on: call))) } catch { first.fulfill(.failure(error)) }
        }
        let timer = environment.throwingTask { [clock = environment.clock, timeout] in
            try await clock.sleep(for: timeout)
            first.fulfill(.failure(NoDecision(reason: "no decision within \(Measure.text(timeout))")))
        }
        let result = await withTaskCancellationHandler {
            await first.value
        } onCancel: {
            first.fulfill(.failure(CancellationError()))
        }
        question.cancel()
        timer.cancel()
        switch result {
        case .success(let decision):
            return CallDecision(isApproved: decision.isApproved, decidedBy: decision.decidedBy ?? approver.name)
        case .failure(let error):
            return CallDecision(
                isApproved: otherwise == .approve, decidedBy: "otherwise (\(approver.name): \(error))")
        }
    }
}

/// Why nothing was decided.
struct NoDecision: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
