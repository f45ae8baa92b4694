/// An error that says that a record could not be written to a file.
///
/// A delivery that fails for good by such an error is a dead letter, as with any error, and counts as a record that is missing in
/// the file.
public protocol RecordWriteError: Error {
    /// The file, as routes.yml or the command line names it.
    var path: String { get }
    /// Why it could not be written.
    var reason: String { get }
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
