import ConfigSource
import EventJSON
import EventRouter
package import RealtimeEvents

/// Which calls of a function need approval, and who approves them.
///
/// The rule describes the calls that need no approval, so that every unforeseen call needs approval.
package struct ApprovalRule: Sendable {
    /// The decision for a call if the approver makes no decision before the timeout.
    package enum Otherwise: String, Sendable, Hashable, CaseIterable {
        /// The call is rejected.
        case reject
        /// The call runs.
        case approve
    }

    /// A pattern for the arguments of calls that need no approval; nil if all calls need it.
    package var exception: ArgumentPattern?
    /// The person, program or code that decides.
    package var approver: any CallApprover
    /// The time allowed for the decision.
    package var timeout: Duration
    /// The decision for a call if the approver makes no decision before the timeout.
    package var otherwise: Otherwise

    /// Creates a rule.
    package init(
        unless exception: ArgumentPattern? = nil, approver: any CallApprover, timeout: Duration = .seconds(30),
        otherwise: Otherwise = .reject
    ) {
        self.exception = exception
        self.approver = approver
        self.timeout = timeout
        self.otherwise = otherwise
    }

    /// The value of the journal's `decided_by` for calls that match the exception.
    static let byException = "unless"

    /// Decides on a call. The decision names who made it.
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

/// The reason why there is no decision.
struct NoDecision: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}

/// Decides whether a call may run: a person, a program or code.
///
/// Receives only calls whose arguments match their schema, possibly several at the same time. An approver that throws
/// makes no decision. If an approver takes longer than the ``ApprovalRule`` allows, the rule cancels its task and
/// ignores its later result.
package protocol CallApprover: Sendable {
    /// The name written to the journal: `terminal`, `command ./bin/approve`.
    var name: String { get }

    /// Decides on a call.
    func decide(on call: FunctionCall) async throws -> CallDecision
}

/// Whether a call may run, and who decided it.
package struct CallDecision: Sendable, Hashable {
    /// Whether the call may run.
    package var isApproved: Bool
    /// The name of the decider, for the journal; nil for ``CallApprover/name``.
    package var decidedBy: String?

    /// Creates a decision.
    package init(isApproved: Bool, decidedBy: String? = nil) {
        self.isApproved = isApproved
        self.decidedBy = decidedBy
    }
}
