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
