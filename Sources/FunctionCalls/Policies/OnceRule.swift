import EventJSON
import EventRouter

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
