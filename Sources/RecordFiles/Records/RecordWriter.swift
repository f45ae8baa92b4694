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
