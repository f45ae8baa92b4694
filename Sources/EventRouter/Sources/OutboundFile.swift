import EventJSON
public import RealtimeEvents
public import RecordFiles

/// Client events as JSON Lines, one a line: what would have gone to the model.
public final class OutboundFile: OutboundSink {
    private let file: LineFile

    /// Opens the file for appending; `-` is standard output.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    public init(path: String) throws {
        file = LineFile(path: path)
        try file.open()
    }

    /// Appends one line.
    ///
    /// - Throws: `FileFailure` when writing failed.
    public func send(_ event: ClientEvent) async throws {
        try file.write(Array(event.json.description.utf8))
    }

    /// Takes the counts of lines that may be missing when the file is closed.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file.
    public func close() { file.close() }
}

/// Nobody listens: client events are made, counted and let go.
public struct DiscardedOutbound: OutboundSink {
    /// Makes the sink.
    public init() {}
    /// Lets the event go.
    public func send(_ event: ClientEvent) async throws {}
}
