import Synchronization

/// A file that lacks records because they could not be written.
public struct UnwrittenFile: Sendable, Hashable {
    /// The file, as routes.yml or the command line names it; `-` is standard output.
    public let path: String
    /// The number of missing records. If the device fails only when the file is closed: the number that may be missing.
    public internal(set) var records: Int
    /// The reason for the first missing record, such as "No space left on device".
    public let error: String

    /// The file's name for messages.
    public var name: String { StandardStream.name(of: path) }
}

/// Counts the records that could not be written, for each file, and reports each file once.
///
/// All file writers of a router add to the same counts: see ``RecordWriter``. `RunReport.unwritten` contains the
/// result.
public final class UnwrittenRecords: Sendable {
    private struct State {
        var files: [UnwrittenFile] = []
        var places: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let hide: @Sendable (String) -> String
    private let report: @Sendable (UnwrittenFile) -> Void

    /// Creates empty counts.
    ///
    /// - Parameters:
    ///   - hide: Replaces secrets in a path.
    ///   - report: Called once for each file, when its first record is missing, on the thread that failed to write it.
    ///     It must not block.
    public init(
        hide: @escaping @Sendable (String) -> String = { $0 },
        report: @escaping @Sendable (UnwrittenFile) -> Void = { _ in }
    ) {
        self.hide = hide
        self.report = report
    }

    /// The files, in the order of their first failures.
    public var files: [UnwrittenFile] { state.withLock { $0.files } }

    /// Counts records that could not be written.
    public func add(_ error: any RecordWriteError, records: Int = 1) {
        add(UnwrittenFile(path: hide(error.path), records: records, error: error.reason))
    }

    func add(_ file: UnwrittenFile) {
        let isNew = state.withLock { state in
            if let place = state.places[file.path] {
                state.files[place].records += file.records
                return false
            }
            state.places[file.path] = state.files.count
            state.files.append(file)
            return true
        }
        if isNew { report(file) }
    }
}

/// A writer whose records may fail when no caller is waiting: in its own task, or while it closes its files.
///
/// The router itself counts the errors that a delivery or `OutboundSink.send(_:)` throws.
public protocol RecordWriter {
    /// Sets the counts to which the writer adds every record that could not be written and whose error no caller
    /// received.
    ///
    /// Each router that uses the writer calls this before anything is written. The default implementation does nothing,
    /// for writers without such records.
    func reportUnwritten(to records: UnwrittenRecords)
}

extension RecordWriter {
    /// Does nothing: every error of this writer reaches a caller.
    public func reportUnwritten(to records: UnwrittenRecords) {}
}
