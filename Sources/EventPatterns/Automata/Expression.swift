/// A regular expression as a tree: what wildcards and `regexp` are both turned into before they become an automaton.
indirect enum Expression: Sendable, Hashable {
    case scalar(UInt32)
    case set(ScalarSet)
    /// Any scalar at all.
    case any
    case sequence([Expression])
    case alternatives([Expression])
    /// A repetition; without an upper bound when `most` is nil.
    case repeated(Expression, least: Int, most: Int?)
}
