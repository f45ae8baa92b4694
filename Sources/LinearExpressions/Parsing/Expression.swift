/// A regular expression as a tree: what every dialect is turned into before it becomes an automaton.
indirect enum Expression: Sendable, Hashable {
    case scalar(UInt32)
    case set(ScalarSet)
    /// Any scalar at all.
    case any
    /// Nothing, where the text begins.
    case start
    /// Nothing, where the text ends.
    case end
    case sequence([Expression])
    case alternatives([Expression])
    /// A repetition; without an upper bound when `most` is nil.
    case repeated(Expression, least: Int, most: Int?)
}

/// The limits of an expression, each an error where it is broken.
package enum ExpressionLimits {
    /// How many states the automaton of one expression may have.
    package static let states = 5_000
    /// How deep the groups of an expression may be nested.
    package static let groups = 64
    /// How many stars a wildcard may have.
    package static let stars = 8
}

/// Why a text is no such expression, phrase or address as it should be, before anyone knows where that text stands.
package struct ExpressionError: Error, Hashable {
    /// What is wrong with it, as a diagnostic says it.
    package let message: String
    /// What to do about it.
    package let help: String?

    /// Makes the error.
    package init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }
}
