public import EventRouter
import GRDB
public import RealtimeEvents
import Synchronization
public import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Transcripts in an SQLite database: sessions, their utterances, and a full-text index.
///
/// Each utterance is committed by itself, to the write-ahead log. A program that is killed at any moment loses at most
/// the utterance that it was about to write, and the database can still be opened. A repeated utterance, as in a
/// replay, changes nothing; a correction replaces the corrected utterance. Several programs may read and write a
/// database at the same time.
///
/// The file has mode 0600, and deleted content is overwritten.
public final class TranscriptDatabase: TranscriptSink, TranscriptArchive {
    /// The file's path. While it is open, SQLite keeps two more files: `PATH-wal` and `PATH-shm`.
    public let path: String
    private let clock: any RouterClock
    private let open = Mutex<DatabaseQueue?>(nil)

    /// Creates the sink. `start()` opens the file; the methods that read open it themselves if needed.
    ///
    /// - Parameters:
    ///   - path: the file, which is created if it does not exist.
    ///   - clock: the clock for the times of records.
    public init(path: String, clock: any RouterClock = .system) {
        self.path = path
        self.clock = clock
    }

    /// Opens the database, and creates it if it does not exist.
    ///
    /// - Throws: `FileFailure` or ``TranscriptStoreError`` if it cannot be used.
    public func start() async throws {
        try PrivateFile.prepare(path)
        let queue = try connect()
        try await mappingAsyncErrors { try await queue.write { try StoreSchema.prepare($0) } }
        open.withLock { $0 = queue }
    }

    /// Inserts or updates an utterance.
    ///
    /// - Throws: ``TranscriptStoreError`` if it could not be written.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        try await record([TranscriptRecord(utterance, update, in: session, clock: clock)])
    }

    /// Writes several records in one transaction: all of them, or none.
    ///
    /// - Throws: ``TranscriptStoreError`` if they could not be written.
    public func record(_ records: [TranscriptRecord]) async throws {
        guard let queue = open.withLock({ $0 }) else {
            throw TranscriptStoreError("cannot write", path, "it is not open")
        }
        let now = clock.wallTime
        try await mappingAsyncErrors {
            try await queue.write { database in
                for record in records { try UtteranceRow.write(record, at: now, database) }
            }
        }
    }

    /// Closes the database.
    public func stop() async {
        let queue = open.withLock { queue in
            defer { queue = nil }
            return queue
        }
        try? queue?.close()
    }

    /// Runs a read in the open database, or opens the file for it.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if let queue = open.withLock({ $0 }) { return try mappingErrors { try queue.read(body) } }
        guard access(path, F_OK) == 0 else { throw TranscriptStoreError.missing(path) }
        let queue = try connect()
        return try mappingErrors {
            try queue.read { database in
                guard try !StoreSchema.isNew(database) else {
                    throw TranscriptStoreError.empty(path)
                }
                return try body(database)
            }
        }
    }

    /// Runs a write, and truncates the write-ahead log, which may still hold deleted content. Returns nil if there is
    /// no database.
    func writeIfExists<Value>(_ body: (Database) throws -> Value) throws -> Value? {
        let own = open.withLock { $0 }
        guard own != nil || access(path, F_OK) == 0 else { return nil }
        let queue = try own ?? connect()
        return try mappingErrors {
            let value = try queue.write { database in
                try StoreSchema.isNew(database) ? nil : try body(database)
            }
            _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            return value
        }
    }

    private func connect() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { [path] database in
            try StoreSchema.check(database, path: path)
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON")
        }
        return try mappingErrors { try DatabaseQueue(path: path, configuration: configuration) }
    }

    private func mappingErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw TranscriptStoreError(error, path) }
    }

    private func mappingAsyncErrors<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as DatabaseError { throw TranscriptStoreError(error, path) }
    }
}

extension TranscriptDatabase: RecordKeeper {
    /// Deletes a session with its utterances, and overwrites their content in the file.
    ///
    /// - Throws: ``TranscriptStoreError`` if the database cannot be written.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        return try forget { database in
            try Row.fetchAll(database, sql: "SELECT id, key FROM session").compactMap { row in
                family.contains(row["key"]) ? row["id"] as Int64 : nil
            }
        }
    }

    /// Deletes the sessions without any record since a time.
    ///
    /// - Throws: ``TranscriptStoreError`` if the database cannot be written.
    public func forget(before time: Double) throws -> Int {
        try forget { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM session WHERE recorded_at < ?", arguments: [time])
        }
    }

    /// - Returns: the number of deleted utterances.
    private func forget(_ sessions: (Database) throws -> some Sequence<Int64>) throws -> Int {
        try writeIfExists { database in
            let removed = try sessions(database).reduce(0) { count, session in
                let own = "FROM utterance WHERE session = ?"
                let utterances = try Int.fetchOne(database, sql: "SELECT count(*) " + own, arguments: [session]) ?? 0
                try database.execute(sql: "DELETE " + own, arguments: [session])
                try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [session])
                return count + utterances
            }
            // The full-text index holds the deleted words until its segments are merged.
            if removed > 0 {
                try database.execute(sql: "INSERT INTO utterance_words (utterance_words) VALUES ('optimize')")
            }
            return removed
        } ?? 0
    }
}

extension HandlerRegistry {
    /// Registers the handler type `transcript` again, now with `format: sqlite`.
    public mutating func registerTranscriptStore() {
        noteProduct("TranscriptStore")
        registerTranscripts { path, clock in TranscriptDatabase(path: path, clock: clock) }
    }
}
