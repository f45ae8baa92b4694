import ConfigSource
import EventJSON
import EventRouter
package import RealtimeEvents

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
        let first = FirstValue<Result<CallDecision, any Error>>()
        let question = environment.task { [approver] in
            do { first.give(.success(try await approver.decide(on: call))) } catch { first.give(.failure(error)) }
        }
        let timer = environment.throwingTask { [clock = environment.clock, timeout] in
            try await clock.sleep(for: timeout)
            first.give(.failure(NoDecision(reason: "no decision within \(Measure.text(timeout))")))
        }
        let result = await withTaskCancellationHandler {
            await first.value
        } onCancel: {
            first.give(.failure(CancellationError()))
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

/// Decides whether a call may run: a person, a program, or code.
///
/// It is asked about calls whose arguments fit their schema, about several at a time. Throwing means that there is no decision,
/// and so does taking longer than the ``ApprovalRule`` allows: the task is cancelled then, and what it says later counts for nothing.
package protocol CallApprover: Sendable {
    /// Who decides, for the journal: `terminal`, `command ./bin/approve`.
    var name: String { get }

    /// Decides.
    func decide(on call: FunctionCall) async throws -> CallDecision
}

/// Whether a call may run, and who said so.
package struct CallDecision: Sendable, Hashable {
    /// Whether it may.
    package var isApproved: Bool
    /// Who said so, for the journal; nil for the approver's own name.
    package var decidedBy: String?

    /// Makes a decision.
    package init(isApproved: Bool, decidedBy: String? = nil) {
        self.isApproved = isApproved
        self.decidedBy = decidedBy
    }
}
