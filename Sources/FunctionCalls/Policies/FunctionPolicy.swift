import EventJSON
import EventRouter
import RealtimeEvents

/// Rules for the calls of one function.
package struct FunctionPolicy: Sendable, Hashable {
    /// Whether a call may run again if its result is unknown, because the journal contains its start but not its end.
    package var isIdempotent: Bool
    /// What happens to a call while another call with the same function and arguments waits or runs.
    package var onDuplicate: DuplicatePolicy
    /// Which calls are equivalent, so that only one of them runs; nil if no calls are equivalent.
    package var once: OnceRule?
    /// Whether the model continues when it has the output.
    package var response: ResponsePolicy
    /// What happens to a waiting or running call when the user interrupts.
    package var onInterrupt: InterruptPolicy
    /// The names of the arguments that must not be written. They appear in no journal, dead letter or console line, and
    /// no handler gets them except the one that runs the call. A ``OnceRule`` that uses one of them applies only while
    /// the router runs.
    package var redacted: Set<String>
    /// What the model says to the user if a call takes long; nil if it says nothing.
    package var whileWaiting: WaitingMessage?

    /// Creates a policy.
    package init(
        isIdempotent: Bool = false, onDuplicate: DuplicatePolicy = .allow, once: OnceRule? = nil,
        response: ResponsePolicy = .create, onInterrupt: InterruptPolicy = .finish, redacted: Set<String> = [],
        whileWaiting: WaitingMessage? = nil
    ) {
        self.isIdempotent = isIdempotent
        self.onDuplicate = onDuplicate
        self.once = once
        self.response = response
        self.onInterrupt = onInterrupt
        self.redacted = redacted
        self.whileWaiting = whileWaiting
    }

    /// The rule for calls in the journal; nil if it uses a redacted argument, which the journal does not have.
    var journaledOnce: OnceRule? {
        once.flatMap { redacted.isDisjoint(with: $0.arguments) ? $0 : nil }
    }
}

/// Whether the model continues when it has a function's output.
package enum ResponsePolicy: String, Sendable, Hashable, CaseIterable {
    /// The router requests a response.
    case create
    /// The router requests no response for this function. If a response has several calls, one that wants a response is
    /// enough.
    case none
}

/// What happens to a waiting or running call when the user interrupts: speaks while a response is active, or cancels
/// it.
package enum InterruptPolicy: String, Sendable, Hashable, CaseIterable {
    /// It continues and is answered.
    case finish
    /// It is stopped, a command with its process group, and answered as cancelled. Applies only to live sessions: the
    /// times in a recording are not those of the call.
    case cancel
}

/// Defines which calls of a function are equivalent; only one of these runs. After an interruption, for example, a
/// model may send a new call for the same order.
///
/// Applies over all sessions. If callers must not get each other's results, include an argument that distinguishes
/// them.
package struct OnceRule: Sendable, Hashable {
    /// The arguments that identify what a call is about. A call without one of them always runs.
    package var arguments: [String]
    /// How long after its end a successful call answers equivalent calls. A failed call answers none.
    package var within: Duration

    /// Creates a rule.
    ///
    /// - Precondition: `arguments` is not empty.
    package init(by arguments: [String], within: Duration) {
        precondition(!arguments.isEmpty, "a rule without arguments would take all calls for the same")
        self.arguments = arguments
        self.within = within
    }

    /// The key that equivalent calls share; nil if the call lacks one of the arguments.
    func key(_ name: String, _ values: JSONObject) -> CallKey? {
        var parts: [JSONValue] = ["once", .string(name)]
        for argument in arguments {
            guard let value = values[argument], !value.isNull else { return nil }
            parts.append(value)
        }
        return CallKey(parts)
    }

    /// Whether one of the rule's arguments was redacted.
    func isRedacted(in values: JSONObject) -> Bool {
        arguments.contains { values[$0]?.description.contains(Redaction.mark) ?? false }
    }
}

/// What happens to a call while another call of its session with the same name and arguments waits or runs.
package enum DuplicatePolicy: String, Sendable, Hashable, CaseIterable {
    /// It runs too.
    case allow
    /// It is answered with an error.
    case reject
    /// It gets the answer of the other call.
    case join
}

/// What the model says to the user while a call takes long, since callers hang up when they hear nothing.
///
/// Said once for the calls of a response, only in live sessions, when no response is active.
package struct WaitingMessage: Sendable, Hashable {
    /// The time after the call became ready.
    package var after: Duration
    /// The text to say.
    package var words: String

    /// Creates a message.
    package init(_ words: String, after: Duration) {
        self.words = words
        self.after = after
    }

    /// The parameters of the response: say the text, and call no function.
    var parameters: ResponseParameters {
        var parameters = ResponseParameters()
        parameters.instructions = "Say this to the user and nothing else: \(words)"
        parameters.toolChoice = .plain(.none)
        return parameters
    }
}
