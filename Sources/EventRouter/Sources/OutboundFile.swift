import Dispatch
import EventJSON
public import RealtimeEvents
public import RecordFiles
import Synchronization

/// Client events as JSON Lines, one a line: what would have gone to the model.
///
/// Lines are written on a dispatch queue, because writing waits for the reader of a pipe.
public final class OutboundFile: OutboundSink {
    private let file: LineFile
    private let queue = DispatchQueue(label: "outbound-file")
    private let isWriting = Atomic<Bool>(false)

    /// Opens the file for appending; `-` is standard output.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    public init(path: String) throws {
        file = LineFile(path: path)
        try file.open()
    }

    /// Appends one line. Cancelling its task does not end it.
    ///
    /// - Throws: `FileFailure` when writing failed.
    public func send(_ event: ClientEvent) async throws {
        let line = Array(event.json.description.utf8)
        isWriting.store(true, ordering: .relaxed)
        defer { isWriting.store(false, ordering: .relaxed) }
        try await withCheckedThrowingContinuation { done in
            queue.async { done.resume(with: Result { try self.file.write(line) }.map { _ in }) }
        }
    }

    /// Takes the counts of lines that may be missing when the file is closed.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file. Does nothing while a line waits for the reader of a pipe, since closing would wait too.
    public func close() {
        if !isWriting.load(ordering: .relaxed) { file.close() }
    }
}

/// Nobody listens: client events are made, counted and let go.
public struct DiscardedOutbound: OutboundSink {
    /// Makes the sink.
    public init() {}
    /// Lets the event go.
    public func send(_ event: ClientEvent) async throws {}
}
