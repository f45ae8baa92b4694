/// The names of forms that are put together elsewhere.
enum FormName {
    static let list = "list"
    static let handler = "handler"
    static let source = "source"
    static let pattern = "pattern"
    static let assertedEvents = "asserted_events"
}
