/// What holds for the calls of one function beside its bounds.
package struct FunctionPolicy: Sendable, Hashable {
    /// Whether it may be run again when nobody knows whether it was done: a call that the journal says was started, and not
    /// how it ended.
    package var isIdempotent: Bool
    /// What becomes of a call while another one that says the same waits or runs.
    package var onDuplicate: DuplicatePolicy
    /// When two calls mean the same, so that it is done once; nil for never.
    package var once: OnceRule?
    /// Whether the model goes on when it has the output.
    package var response: ResponsePolicy
    /// What becomes of a call that waits or runs when the user interrupts.
    package var onInterrupt: InterruptPolicy
    /// The names of arguments that nobody may write down. They stand in no journal, dead letter or console line, and no handler
    /// gets them but the one that runs the call. A ``OnceRule`` about one of them holds only while the router runs.
    package var redacted: Set<String>
    /// What is said to the user when a call takes long; nil for nothing.
    package var whileWaiting: WaitingWords?

    /// Makes a policy.
    package init(
        isIdempotent: Bool = false, onDuplicate: DuplicatePolicy = .allow, once: OnceRule? = nil,
        response: ResponsePolicy = .create, onInterrupt: InterruptPolicy = .finish, redacted: Set<String> = [],
        whileWaiting: WaitingWords? = nil
    ) {
        self.isIdempotent = isIdempotent
        self.onDuplicate = onDuplicate
        self.once = once
        self.response = response
        self.onInterrupt = onInterrupt
        self.redacted = redacted
        self.whileWaiting = whileWaiting
    }

    /// The rule as far as the journal can tell: it does not have what is redacted.
    var writtenOnce: OnceRule? {
        once.flatMap { redacted.isDisjoint(with: $0.arguments) ? $0 : nil }
    }
}

/// Whether the model goes on when it has a function's output.
package enum ResponsePolicy: String, Sendable, Hashable, CaseIterable {
    /// A response is asked for.
    case create
    /// None is asked for on behalf of this function. Where a response has several calls, one that wants it is enough.
    case none
}

/// What becomes of a call that waits or runs when the user interrupts: speaks while a response is active, or has it cancelled.
package enum InterruptPolicy: String, Sendable, Hashable, CaseIterable {
    /// It goes on, and is answered.
    case finish
    /// It is stopped, a command with its process group, and answered as cancelled. In live sessions: the time between the lines
    /// of a recording is not that of the call.
    case cancel
}
