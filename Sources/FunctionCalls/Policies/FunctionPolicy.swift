/// What holds for the calls of one function beside its bounds.
public struct FunctionPolicy: Sendable, Hashable {
    /// Whether it may be run again when nobody knows whether it was done: a call that the journal says was started, and not
    /// how it ended.
    public var isIdempotent: Bool
    /// What becomes of a call while another one that says the same waits or runs.
    public var onDuplicate: DuplicatePolicy
    /// When two calls mean the same, so that it is done once; nil for never.
    public var once: OnceRule?

    /// Makes a policy.
    public init(isIdempotent: Bool = false, onDuplicate: DuplicatePolicy = .allow, once: OnceRule? = nil) {
        self.isIdempotent = isIdempotent
        self.onDuplicate = onDuplicate
        self.once = once
    }
}
