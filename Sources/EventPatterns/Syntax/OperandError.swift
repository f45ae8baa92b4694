/// Why an operator cannot take its argument, before anyone knows where that stands.
struct OperandError: Error, Hashable {
    /// What is wrong, as a diagnostic says it.
    var message: String
    /// What to do about it.
    var help: String?

    init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }
}
