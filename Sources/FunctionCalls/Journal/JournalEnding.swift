/// Where a line of the journal begins.
struct JournalPlace: Sendable, Hashable {
    var file: Int32
    var offset: Int
}

/// How a call ended, as far as the journal says.
enum JournalEnding: Sendable, Hashable {
    /// It was taken in this run and has not begun.
    case reserved
    /// It was started, and nothing says how it ended.
    case open
    /// The line that says how.
    case finished(JournalPlace)
}
