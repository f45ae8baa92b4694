/// The version of this package.
package enum RouterVersion {
    /// The number, as in the package's tags.
    package static let number = "0.1.0"
}
