/// What `numeric` demands: a bound below, one above, or one value.
struct NumericRange: Sendable, Hashable {
    /// An end of the range.
    struct Bound: Sendable, Hashable {
        var value: ExactDecimal
        var isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    /// Whether an exact number lies in the range.
    func contains(_ value: ExactDecimal) -> Bool {
        if let lower, value < lower.value || (value == lower.value && !lower.isIncluded) { return false }
        if let upper, value > upper.value || (value == upper.value && !upper.isIncluded) { return false }
        return true
    }
}
