public import EventRouter
import GRDB

extension TranscriptDatabase: RecordKeeper {
    /// Removes a session with its utterances, and overwrites what it took in the file.
    ///
    /// - Throws: ``TranscriptStoreError`` when the database cannot be written.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        return try forget { database in
            try Row.fetchAll(database, sql: "SELECT id, key FROM session").compactMap { row in
                family.contains(row["key"]) ? row["id"] as Int64 : nil
            }
        }
    }

    /// Removes the sessions of which nothing was recorded since a time.
    ///
    /// - Throws: ``TranscriptStoreError`` when the database cannot be written.
    public func forget(before time: Double) throws -> Int {
        try forget { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM session WHERE recorded_at < ?", arguments: [time])
        }
    }

    /// - Returns: how many utterances they had.
    private func forget(_ sessions: (Database) throws -> some Sequence<Int64>) throws -> Int {
        try writeIfThere { database in
            let removed = try sessions(database).reduce(0) { count, session in
                let own = "FROM utterance WHERE session = ?"
                let utterances = try Int.fetchOne(database, sql: "SELECT count(*) " + own, arguments: [session]) ?? 0
                try database.execute(sql: "DELETE " + own, arguments: [session])
                try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [session])
                return count + utterances
            }
            // The index still has the words of what was removed until its parts are merged.
            if removed > 0 {
                try database.execute(sql: "INSERT INTO utterance_words (utterance_words) VALUES ('optimize')")
            }
            return removed
        } ?? 0
    }
}
