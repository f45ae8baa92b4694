/// The comparisons of `numeric`, by what else stands beside them.
enum NumericComparison {
    /// In `[">", 5]`.
    static let alone = ["=", "<", "<=", ">", ">="]
    /// The first in `[">=", 0, "<", 10]`.
    static let lower = [">", ">="]
    /// The second one there.
    static let upper = ["<", "<="]
}
