/// Why a text is no such expression, phrase or address as it should be, before anyone knows where that text stands.
package struct ExpressionError: Error, Hashable {
    /// What is wrong with it, as a diagnostic says it.
    package let message: String
    /// What to do about it.
    package let help: String?

    /// Makes the error.
    package init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }
}
