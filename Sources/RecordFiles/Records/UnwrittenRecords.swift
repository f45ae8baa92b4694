import Synchronization

/// A file of which records are missing, as it could not be written.
public struct UnwrittenFile: Sendable, Hashable {
    /// The file, as routes.yml or the command line names it; `-` is standard output.
    public let path: String
    /// How many records are missing. When the device fails only as the file is closed: how many may be.
    public internal(set) var records: Int
    /// Why the first of them could not be written: "No space left on device".
    public let error: String

    /// What people call the file.
    public var name: String { StandardStream.name(of: path) }
}

/// Counts the records that could not be written, file by file, and reports each file once.
///
/// Everything that writes files for a router adds to the same counts: see ``RecordWriter``. They stand in `RunReport.unwritten`.
public final class UnwrittenRecords: Sendable {
    private struct State {
        var files: [UnwrittenFile] = []
        var places: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let hide: @Sendable (String) -> String
    private let report: @Sendable (UnwrittenFile) -> Void

    /// Starts with no files.
    ///
    /// - Parameters:
    ///   - hide: replaces what must not be shown of a path.
    ///   - report: gets each file when its first record is missing, on the thread that could not write it. It must not block.
    public init(
        hide: @escaping @Sendable (String) -> String = { $0 },
        report: @escaping @Sendable (UnwrittenFile) -> Void = { _ in }
    ) {
        self.hide = hide
        self.report = report
    }

    /// The files, in the order in which they failed first.
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

/// Something that may write records while nobody waits for the outcome: in a task of its own, or as it closes its files.
///
/// What a delivery or `OutboundSink.send(_:)` throws is counted by the router.
public protocol RecordWriter {
    /// Takes the counts to which every record is added that could not be written and of which no caller learns.
    ///
    /// Called before anything is written, by each router that uses the writer. The default is for a writer that has no such records.
    func reportUnwritten(to records: UnwrittenRecords)
}

extension RecordWriter {
    /// No records are written without a caller that learns of it.
    public func reportUnwritten(to records: UnwrittenRecords) {}
}
