/// How far an event got in a pattern that it does not match.
public struct PatternMiss: Sendable, Hashable {
    /// The first condition that failed, by its place among ``PatternExplainer/conditions``.
    public let condition: Int
    /// How many conditions before it held together. Where there are `$or`s, these are those of the way that got furthest.
    public let held: Int
    /// How many conditions there are on that way.
    public let total: Int
    /// Whether the condition holds by itself, only not in an array element in which those before it hold.
    public let holdsElsewhere: Bool
}
