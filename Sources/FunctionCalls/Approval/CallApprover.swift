package import RealtimeEvents

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
