import GRDB
public import Transcripts

extension TranscriptDatabase {
    /// All sessions, in the order in which they were first heard of.
    ///
    /// - Throws: ``TranscriptStoreError`` when the database cannot be read.
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

    /// The utterances of a session, in the order of the conversation; empty when there is no such session.
    ///
    /// - Throws: ``TranscriptStoreError`` when the database cannot be read.
    public func records(of session: String) throws -> [TranscriptRecord] {
        try read { database in
            let sql = """
                SELECT utterance.*, key, server_id FROM utterance JOIN session ON session.id = session
                WHERE key = ? ORDER BY utterance.id
                """
            return try Row.fetchAll(database, sql: sql, arguments: [session]).map(UtteranceRow.record)
        }
    }

    /// The utterances that hold all of the words, the latest first.
    ///
    /// A word is what SQLite's tokenizer `unicode61` takes for one, without case and accents.
    ///
    /// - Parameters:
    ///   - words: what to look for.
    ///   - session: the only session to look in; all when nil.
    ///   - limit: how many are given at most.
    /// - Throws: ``TranscriptStoreError`` when the database cannot be read.
    public func search(_ words: SearchWords, in session: String?, limit: Int) throws -> [ArchivedMatch] {
        try read { database in
            // The index gives its matches by their number, so that it stops when there are enough.
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
            return rows.map { ArchivedMatch(record: UtteranceRow.record($0), excerpt: Self.stretches($0["excerpt"])) }
        }
    }

    /// An excerpt in which what was found stands between the characters 2 and 3.
    private static func stretches(_ excerpt: String) -> [ArchivedMatch.Stretch] {
        var stretches: [ArchivedMatch.Stretch] = []
        for (place, part) in excerpt.split(separator: "\u{2}", omittingEmptySubsequences: false).enumerated() {
            let ends = part.firstIndex(of: "\u{3}")
            if place > 0, let ends { stretches.append(.init(String(part[..<ends]), isFound: true)) }
            let rest = place > 0 ? ends.map { part[part.index(after: $0)...] } ?? part : part
            if !rest.isEmpty { stretches.append(.init(String(rest), isFound: false)) }
        }
        return stretches
    }
}

extension SearchWords {
    /// The words in the query language of FTS5. All of them are quoted: nothing that somebody types is an operator.
    var expression: String {
        phrases.map { phrase in
            "\"" + phrase.text.replacing("\"", with: "\"\"").replacing("\0", with: " ") + "\""
                + (phrase.isPrefix ? "*" : "")
        }.joined(separator: " AND ")
    }
}
