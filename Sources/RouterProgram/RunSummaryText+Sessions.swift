import RealtimeRouter

extension RunReport {
    /// Whether something of it got lost, or it ended before its time.
    fileprivate var hasLosses: Bool { lost > 0 || unsent > 0 || failure != nil }
}

/// What each of several sessions came to, for a person: a row for each, and of very many a few.
struct SessionTable {
    /// So many sessions are shown.
    private static let shownSessions = 20

    private let shown: [RunReport]
    private let others: Int
    /// Whether it is known that the others lost nothing.
    private let isComplete: Bool

    /// Shows sessions that lost something before others, and later ones before earlier ones.
    init(_ report: RunReport) {
        let parts = report.parts
        let lossy = parts.indices.filter { parts[$0].hasLosses }.suffix(Self.shownSessions)
        let rest = parts.indices.filter { !parts[$0].hasLosses }.suffix(Self.shownSessions - lossy.count)
        shown = (lossy + rest).sorted().map { parts[$0] }
        others = report.earlierParts + parts.count - shown.count
        isComplete = report.earlierParts == 0 && lossy.count == parts.count { $0.hasLosses }
    }

    /// The cells, the names of the columns first; none for a single session.
    var rows: [[String]] {
        guard !shown.isEmpty else { return [] }
        let names = ["session", "events", "derived events", "undecodable", "dropped", "dead letters"]
        return [names]
            + shown.map { part in
                [(part.session ?? "").printable + (part.failure == nil ? "" : " (failed)")]
                    + [part.events, part.derived, part.undecodable, part.dropped, part.deadLetters].map(String.init)
            }
    }

    /// How many sessions are not among the rows; nil if all are.
    var rest: String? {
        guard others > 0 else { return nil }
        return "and \(others) more \(others == 1 ? "session" : "sessions")" + (isComplete ? ", which lost nothing" : "")
    }
}
