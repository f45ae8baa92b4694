/// The names of forms that are put together elsewhere.
enum FormName {
    static let list = "list"
    static let handler = "handler"
    static let source = "source"
    static let pattern = "pattern"
    /// A pattern that may say whose events it is about.
    static let match = "match"
}
