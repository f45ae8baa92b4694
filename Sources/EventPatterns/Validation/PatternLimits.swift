import LinearExpressions

/// The limits of the pattern language, each an error where it is broken.
public enum PatternLimits {
    /// How many fields a path may have.
    public static let depth = 32
    /// How many alternatives a field may list.
    public static let alternatives = 1_000
    /// How many combinations the `$or`s of a pattern may make.
    public static let branches = 1_024
    /// How many stars a wildcard may have.
    public static let stars = ExpressionLimits.stars
    /// How many bytes of UTF-8 a string may have.
    public static let stringBytes = 4_096
    /// How many rules a set may hold.
    public static let rules = 10_000
    /// How many states the automaton of one expression may have.
    public static let states = ExpressionLimits.states
    /// How deep the groups of an expression may be nested.
    public static let groups = ExpressionLimits.groups
}
