import GRDB
public import Transcripts

extension TranscriptDatabase {
    /// All sessions, in the order of their first records.
    ///
    /// - Throws: ``TranscriptStoreError`` if the database cannot be read.
    public func sessions() throws -> [ArchivedSession] {
        try read { database in
            let sql = """
                SELECT key, server_id, recorded_at,
                    (SELECT count(*) FROM utterance WHERE session = session.id) AS utterances
                FROM session ORDER BY id
                """
            return try Row.fetchAll(database, sql: sql).map { row in
                ArchivedSession(
                    key: row["key"], sessionID: row["server_id"], recordedAt: row["recorded_at"],
                    utterances: row["utterances"])
            }
        }
    }

    /// A session's utterances, in conversation order; empty if there is no such session.
    ///
    /// - Throws: ``TranscriptStoreError`` if the database cannot be read.
    public func records(of session: String) throws -> [TranscriptRecord] {
        try read { database in
            let sql = """
                SELECT utterance.*, key, server_id FROM utterance JOIN session ON session.id = session
                WHERE key = ? ORDER BY utterance.id
                """
            return try Row.fetchAll(database, sql: sql, arguments: [session]).map(UtteranceRow.record)
        }
    }

    /// The utterances that contain all of the words, the latest first.
    ///
    /// SQLite's tokenizer `unicode61` decides what a word is; it ignores case and accents.
    ///
    /// - Parameters:
    ///   - words: the words and phrases to find.
    ///   - session: the session to search; nil for all.
    ///   - limit: the maximum number of results.
    /// - Throws: ``TranscriptStoreError`` if the database cannot be read.
    public func search(_ words: SearchQuery, in session: String?, limit: Int) throws -> [ArchivedMatch] {
        try read { database in
            // The full-text index returns matches in row order, so the query stops after `limit` matches.
            let sql = """
                SELECT utterance.*, key, server_id,
                    snippet(utterance_words, 0, char(2), char(3), '…', 24) AS excerpt
                FROM utterance_words
                    CROSS JOIN utterance ON utterance.id = utterance_words.rowid
                    CROSS JOIN session ON session.id = utterance.session
                WHERE utterance_words MATCH ?1 AND (?2 IS NULL OR key = ?2)
                ORDER BY utterance_words.rowid DESC LIMIT ?3
                """
            let rows = try Row.fetchAll(database, sql: sql, arguments: [words.expression, session, limit])
            return rows.map { ArchivedMatch(record: UtteranceRow.record($0), excerpt: Self.parts(of: $0["excerpt"])) }
        }
    }

    /// Splits an excerpt in which the characters 2 and 3 enclose each match.
    private static func parts(of excerpt: String) -> [ArchivedMatch.Segment] {
        var parts: [ArchivedMatch.Segment] = []
        for (index, part) in excerpt.split(separator: "\u{2}", omittingEmptySubsequences: false).enumerated() {
            let ends = part.firstIndex(of: "\u{3}")
            if index > 0, let ends { parts.append(.init(String(part[..<ends]), isFound: true)) }
            let rest = index > 0 ? ends.map { part[part.index(after: $0)...] } ?? part : part
            if !rest.isEmpty { parts.append(.init(String(rest), isFound: false)) }
        }
        return parts
    }
}

extension SearchQuery {
    /// The words as an FTS5 query. All of them are quoted, so nothing in the user's input acts as an operator.
    var expression: String {
        phrases.map { phrase in
            "\"" + phrase.text.replacing("\"", with: "\"\"").replacing("\0", with: " ") + "\""
                + (phrase.isPrefix ? "*" : "")
        }.joined(separator: " AND ")
    }
}
