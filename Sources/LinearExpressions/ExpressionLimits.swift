/// The limits of an expression, each an error where it is broken.
package enum ExpressionLimits {
    /// How many states the automaton of one expression may have.
    package static let states = 5_000
    /// How deep the groups of an expression may be nested.
    package static let groups = 64
    /// How many stars a wildcard may have.
    package static let stars = 8
}
