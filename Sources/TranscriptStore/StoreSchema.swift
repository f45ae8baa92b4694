import GRDB

/// The tables of a transcript database.
///
/// The full-text index stores no text itself: it refers to the table `utterance`, and triggers keep both consistent.
enum StoreSchema {
    /// Distinguishes our databases from the databases of other programs: "RTtr" in ASCII.
    static let applicationID = 0x5254_7472
    /// The schema's version, raised by one with every change of the tables.
    static let version = 3

    static let tables = """
        CREATE TABLE session (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            server_id TEXT,
            recorded_at REAL NOT NULL
        ) STRICT;
        CREATE TABLE utterance (
            id INTEGER PRIMARY KEY,
            session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            content_index INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            recorded_at REAL NOT NULL,
            time TEXT, event_id TEXT, turn INTEGER, labels TEXT,
            role TEXT, text TEXT NOT NULL, status TEXT, modality TEXT, previous_item_id TEXT, response_id TEXT,
            started_ms INTEGER, ended_ms INTEGER, audio_start_ms INTEGER, audio_end_ms INTEGER,
            heard_ms INTEGER, audio_ms INTEGER, language TEXT, confidence REAL, segments TEXT,
            out_of_band INTEGER, response_metadata TEXT, phase TEXT,
            UNIQUE (session, item_id, content_index)
        ) STRICT;
        CREATE VIRTUAL TABLE utterance_words USING fts5(
            text, content='utterance', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
        );
        CREATE TRIGGER utterance_added AFTER INSERT ON utterance BEGIN
            INSERT INTO utterance_words (rowid, text) VALUES (new.id, new.text);
            UPDATE session SET recorded_at = new.recorded_at WHERE id = new.session;
        END;
        CREATE TRIGGER utterance_removed AFTER DELETE ON utterance BEGIN
            INSERT INTO utterance_words (utterance_words, rowid, text) VALUES ('delete', old.id, old.text);
        END;
        CREATE TRIGGER utterance_changed AFTER UPDATE OF text ON utterance BEGIN
            INSERT INTO utterance_words (utterance_words, rowid, text) VALUES ('delete', old.id, old.text);
            INSERT INTO utterance_words (rowid, text) VALUES (new.id, new.text);
        END;
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// The columns added to `utterance` after version 1.
    private static let added: [(version: Int, column: String)] = [
        (2, "segments TEXT"), (3, "out_of_band INTEGER"), (3, "response_metadata TEXT"),
        (3, "phase TEXT"),
    ]

    /// Rejects a database of another program or version, before anything in it is changed. Accepts a new database
    /// without tables.
    static func check(_ database: Database, path: String) throws {
        // Tables and ids are committed together. If the tables are visible, so are the ids, so the tables have to be
        // checked first.
        if try isNew(database) { return }
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            throw TranscriptStoreError("cannot use", path, "it is a database of another program")
        }
        guard let found = try Int.fetchOne(database, sql: "PRAGMA user_version"), 1...version ~= found else {
            throw TranscriptStoreError("cannot use", path, "another version of this program made it")
        }
    }

    /// Creates the tables in a new database, or upgrades the tables of an older version.
    static func prepare(_ database: Database) throws {
        if try isNew(database) { return try database.execute(sql: tables) }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? version
        guard found < version else { return }
        let columns = Self.added.filter { $0.version > found }.map { "ALTER TABLE utterance ADD COLUMN \($0.column);" }
        try database.execute(sql: columns.joined() + "PRAGMA user_version = \(version)")
    }

    /// Whether the database has no tables.
    static func isNew(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    }
}
