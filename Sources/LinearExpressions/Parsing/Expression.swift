/// The syntax tree of a regular expression in any dialect, from which the automaton is built.
indirect enum Expression: Sendable, Hashable {
    case scalar(UInt32)
    case set(ScalarSet)
    /// Any scalar, including line ends.
    case any
    /// An assertion: the start of the text.
    case start
    /// An assertion: the end of the text.
    case end
    case sequence([Expression])
    case alternatives([Expression])
    /// A repetition, with no upper bound if `most` is nil.
    case repeated(Expression, least: Int, most: Int?)
}

/// The limits of an expression. Exceeding one is an error.
package enum ExpressionLimits {
    /// The greatest number of states in the automaton of one expression.
    package static let states = 5_000
    /// The deepest allowed nesting of groups.
    package static let groups = 64
    /// The greatest number of stars in a wildcard.
    package static let stars = 8
}

/// The reason why a text is not a valid expression, phrase or address. It has no location, because the parser of the
/// text does not know the file.
package struct ExpressionError: Error, Hashable {
    /// What is wrong, as the message of a diagnostic.
    package let message: String
    /// What to write instead, as the help of a diagnostic.
    package let help: String?

    /// Creates the error.
    package init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }
}
