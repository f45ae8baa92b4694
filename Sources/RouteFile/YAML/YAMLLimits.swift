/// What is read of a YAML file at most.
package enum YAMLLimits {
    /// The largest file that is read, in bytes.
    package static let maximumBytes = 8 << 20
    /// How many collections may lie in one another.
    package static let maximumDepth = 32
    /// How many nodes all aliases of a file together may add.
    package static let maximumAliasNodes = 10_000
}
