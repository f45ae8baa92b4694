public import EventRouter
import GRDB

/// A database of transcripts that can't be used, with the reason.
public struct TranscriptStoreError: RecordWriteError, Hashable, CustomStringConvertible {
    /// What can't be done with which file, and why.
    public let description: String
    /// The database.
    public let path: String
    /// Why it can't be used.
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

    /// What SQLite said, in words for somebody who did not open the file himself.
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
