import EventJSON
import EventRouter
import RealtimeEvents

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

/// When two calls of a function mean the same thing, so that it is done once: after an interruption a model sends a new
/// call for the same order.
///
/// It holds over all sessions. Where callers must not meet each other's results, let one of the arguments tell them apart.
package struct OnceRule: Sendable, Hashable {
    /// The arguments that say what the call is about. A call without one of them is run like any other.
    package var arguments: [String]
    /// How long after its end a call that succeeded stands for those that come; one that failed stands for none.
    package var within: Duration

    /// Makes a rule.
    ///
    /// - Precondition: there is an argument.
    package init(by arguments: [String], within: Duration) {
        precondition(!arguments.isEmpty, "a rule without arguments would take all calls for the same")
        self.arguments = arguments
        self.within = within
    }

    /// What calls have in common that mean the same; nil for a call that stands for itself.
    func key(_ name: String, _ values: JSONObject) -> CallKey? {
        var parts: [JSONValue] = ["once", .string(name)]
        for argument in arguments {
            guard let value = values[argument], !value.isNull else { return nil }
            parts.append(value)
        }
        return CallKey(parts)
    }

    /// Whether something was taken out of the arguments that it goes by.
    func isRedacted(in values: JSONObject) -> Bool {
        arguments.contains { values[$0]?.description.contains(Redaction.mark) ?? false }
    }
}

/// What becomes of a call while another one with the same name and arguments, of the same session, waits or runs.
package enum DuplicatePolicy: String, Sendable, Hashable, CaseIterable {
    /// It runs too.
    case allow
    /// It is answered with an error.
    case reject
    /// It is answered like the other one.
    case join
}

/// What the model says to the user while a call takes long: silence is what callers hang up on.
///
/// It is said once for the calls of a response, in live sessions, when no response is active.
package struct WaitingWords: Sendable, Hashable {
    /// How long after the call became ready.
    package var after: Duration
    /// The words.
    package var words: String

    /// Makes the words.
    package init(_ words: String, after: Duration) {
        self.words = words
        self.after = after
    }

    /// How the response is made: these words, and no further call.
    var parameters: ResponseParameters {
        var parameters = ResponseParameters()
        parameters.instructions = "Say this to the user and nothing else: \(words)"
        parameters.toolChoice = .plain(.none)
        return parameters
    }
}
