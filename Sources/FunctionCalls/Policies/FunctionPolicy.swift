/// What holds for the calls of one function beside its bounds.
public struct FunctionPolicy: Sendable, Hashable {
    /// Whether it may be run again when nobody knows whether it was done: a call that the journal says was started, and not
    /// how it ended.
    public var isIdempotent: Bool

    /// Makes a policy; what is not said is the careful choice.
    public init(isIdempotent: Bool = false) {
        self.isIdempotent = isIdempotent
    }
}
