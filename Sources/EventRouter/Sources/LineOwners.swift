/// Whose the lines of a source are.
///
/// A line is of the session that it names, `"session": KEY`. A line that names none is of the source's own session, or, in a file with several
/// recordings, of the recording whose first line came last.
struct LineOwners {
    /// Which session a line is of.
    enum Owner: Hashable {
        /// The source's own.
        case source
        case named(String)
        /// A session that does not run.
        case nobody
    }

    /// Whose the lines are that name no session.
    private(set) var unnamed = Owner.source
    /// The keys under which lines name the source's own session: its own, and that of a recording's first line.
    private var ownKeys: Set<String>
    private var hasHeader = false
    private let isInteractive: Bool

    /// - Parameters:
    ///   - key: the key of the source's own session.
    ///   - isInteractive: whether the source is live. A live source has no recordings.
    init(key: String, isInteractive: Bool) {
        ownKeys = [key]
        self.isInteractive = isInteractive
    }

    /// The session of an envelope.
    func ofEnvelope(_ session: String) -> Owner { ownKeys.contains(session) ? .source : .named(session) }

    /// The session of a recording's first line.
    ///
    /// - Returns: the session, and whether it begins with this line: the source's own session has begun already.
    mutating func ofHeader(_ session: String) -> (owner: Owner, isNew: Bool) {
        guard !isInteractive else { return (ofEnvelope(session) == .source ? .source : unnamed, false) }
        guard hasHeader else {
            hasHeader = true
            ownKeys.insert(session)
            return (.source, false)
        }
        ownKeys.remove(session)
        unnamed = .named(session)
        return (unnamed, true)
    }

    /// Whether an end ends its session at once. The lines that name no session may go on, and tell why their session ended.
    func isFinal(_ owner: Owner) -> Bool { isInteractive || owner != unnamed }
}
