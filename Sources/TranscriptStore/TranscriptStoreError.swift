public import EventRouter
import GRDB

/// A transcript database that cannot be used, with the reason.
public struct TranscriptStoreError: RecordWriteError, Hashable, CustomStringConvertible {
    /// The failed action, the file and the reason.
    public let description: String
    /// The database's path.
    public let path: String
    /// The reason alone.
    public let reason: String

    init(_ action: String, _ path: String, _ reason: String) {
        self.init("\(action) \(path): \(reason)", of: path, reason)
    }

    private init(_ description: String, of path: String, _ reason: String) {
        (self.description, self.path, self.reason) = (description, path, reason)
    }

    static func missing(_ path: String) -> TranscriptStoreError {
        TranscriptStoreError("there is no database \(path)", of: path, "there is no such file")
    }

    static func empty(_ path: String) -> TranscriptStoreError {
        TranscriptStoreError("\(path) is an empty database", of: path, "it is an empty database")
    }

    /// Translates an SQLite error for a user who does not know SQLite's terms.
    init(_ error: DatabaseError, _ path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init("\(path) is no database, or a damaged one", of: path, "it is no database, or a damaged one")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self.init("cannot use", path, "another program keeps it locked")
        case .SQLITE_FULL: self.init("cannot write", path, "the disk is full")
        default: self.init("cannot use", path, error.message ?? "\(error.resultCode)")
        }
    }
}
