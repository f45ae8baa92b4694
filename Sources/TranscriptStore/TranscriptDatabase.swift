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

/// Transcripts in an SQLite database: sessions, their utterances, and an index of all words.
///
/// An utterance is written and committed by itself, in the write-ahead log: a program that is killed at any moment loses at
/// most the one that it was about to write, and the database opens. What comes again, as in a replay, changes nothing; a
/// correction takes the place of what it corrects. Several programs may read and write one database at a time.
///
/// The file has mode 0600, and what is deleted is overwritten.
public final class TranscriptDatabase: TranscriptSink, TranscriptArchive {
    /// The file. SQLite keeps two more beside it while it is open: `PATH-wal` and `PATH-shm`.
    public let path: String
    private let clock: any RouterClock
    private let open = Mutex<DatabaseQueue?>(nil)

    /// Makes the sink; the file is opened by `start()`, or to be read.
    ///
    /// - Parameters:
    ///   - path: the file, which is made if it is not there.
    ///   - clock: the time to go by.
    public init(path: String, clock: any RouterClock = .system) {
        self.path = path
        self.clock = clock
    }

    /// Opens the database, and makes it if it is not there.
    ///
    /// - Throws: `FileFailure` or ``TranscriptStoreError`` when it cannot be used.
    public func start() async throws {
        try PrivateFile.prepare(path)
        let queue = try connect()
        try await explainingLater { try await queue.write { try StoreSchema.prepare($0) } }
        open.withLock { $0 = queue }
    }

    /// Writes an utterance, or changes it.
    ///
    /// - Throws: ``TranscriptStoreError`` when it could not be written.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        try await record([TranscriptRecord(utterance, update, in: session, clock: clock)])
    }

    /// Writes many records at once: all of them, or none.
    ///
    /// - Throws: ``TranscriptStoreError`` when they could not be written.
    public func record(_ records: [TranscriptRecord]) async throws {
        guard let queue = open.withLock({ $0 }) else {
            throw TranscriptStoreError("cannot write", path, "it is not open")
        }
        let now = clock.wallTime
        try await explainingLater {
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

    /// Reads, in the open database or in one that is opened for it.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        if let queue = open.withLock({ $0 }) { return try explaining { try queue.read(body) } }
        guard access(path, F_OK) == 0 else { throw TranscriptStoreError.missing(path) }
        let queue = try connect()
        return try explaining {
            try queue.read { database in
                guard try !StoreSchema.isNew(database) else {
                    throw TranscriptStoreError.empty(path)
                }
                return try body(database)
            }
        }
    }

    /// Writes in the database, and clears the log of what it overwrites; nil when there is no database.
    func writeIfThere<Value>(_ body: (Database) throws -> Value) throws -> Value? {
        let own = open.withLock { $0 }
        guard own != nil || access(path, F_OK) == 0 else { return nil }
        let queue = try own ?? connect()
        return try explaining {
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
        return try explaining { try DatabaseQueue(path: path, configuration: configuration) }
    }

    private func explaining<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw TranscriptStoreError(error, path) }
    }

    private func explainingLater<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as DatabaseError { throw TranscriptStoreError(error, path) }
    }
}

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

extension HandlerRegistry {
    /// Registers the handler type `transcript` anew, with `format: sqlite`.
    public mutating func registerTranscriptStore() {
        noteProduct("TranscriptStore")
        registerTranscripts { path, clock in TranscriptDatabase(path: path, clock: clock) }
    }
}
