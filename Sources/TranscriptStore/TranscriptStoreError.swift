import GRDB

/// A database of transcripts that can't be used, with the reason.
public struct TranscriptStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What can't be done with which file, and why.
    public let description: String

    init(_ description: String) { self.description = description }

    /// What SQLite said, in words for somebody who did not open the file himself.
    init(_ error: DatabaseError, _ path: String) {
        description =
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: "\(path) is no database, or a damaged one"
            case .SQLITE_BUSY, .SQLITE_LOCKED: "cannot use \(path): another program keeps it locked"
            case .SQLITE_FULL: "cannot write \(path): the disk is full"
            default: "cannot use \(path): \(error.message ?? "\(error.resultCode)")"
            }
    }
}
