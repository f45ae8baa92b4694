import Dispatch
import EventJSON
public import RealtimeEvents
public import RecordFiles
import Synchronization

/// Where the client events go that handlers and the sequencer send to the model.
public protocol OutboundSink: RecordWriter, Sendable {
    /// Sends one client event; called in order, one at a time, on a task of the session's own.
    ///
    /// May be slow: events are routed meanwhile, until ``RouterOptions/outboundCapacity`` client events wait. One second after a
    /// shutdown's deadline the task is cancelled, and the run ends even if this does not return.
    ///
    /// - Throws: a `RecordWriteError` for an event that could not be written to a file: it is counted, and the session goes on.
    ///   Any other error ends the session.
    func send(_ event: ClientEvent) async throws

    /// Sends one client event of a session whose events go the same way as those of others. By default as ``send(_:)`` does.
    func send(_ event: ClientEvent, session: String) async throws
}

extension OutboundSink {
    /// Sends the event.
    public func send(_ event: ClientEvent, session: String) async throws { try await send(event) }
}

/// Client events as JSON Lines, one a line: what would have gone to the model.
///
/// Lines are written on a dispatch queue, because writing waits for the reader of a pipe.
public final class OutboundFile: OutboundSink {
    private let file: LineFile
    private let queue = DispatchQueue(label: "outbound-file")
    /// How many lines are being written.
    private let writes = Atomic<Int>(0)

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
    public func send(_ event: ClientEvent) async throws { try await write(Array(event.json.description.utf8)) }

    /// Appends one line that names the session, `{"session": KEY, "direction": "client", "event": {…}}`, which a router reads as well.
    ///
    /// - Throws: `FileFailure` when writing failed.
    public func send(_ event: ClientEvent, session: String) async throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session)
        writer.field("direction", "client")
        writer.key("event")
        writer.raw(json: Array(event.json.description.utf8))
        writer.endObject()
        try await write(writer.bytes)
    }

    private func write(_ line: [UInt8]) async throws {
        writes.add(1, ordering: .relaxed)
        defer { writes.subtract(1, ordering: .relaxed) }
        try await withCheckedThrowingContinuation { done in
            queue.async { done.resume(with: Result { try self.file.write(line) }.map { _ in }) }
        }
    }

    /// Takes the counts of lines that may be missing when the file is closed.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file. Does nothing while a line waits for the reader of a pipe, since closing would wait too.
    public func close() {
        if writes.load(ordering: .relaxed) == 0 { file.close() }
    }
}

/// Nobody listens: client events are made, counted and let go.
public struct DiscardedOutbound: OutboundSink {
    /// Makes the sink.
    public init() {}
    /// Lets the event go.
    public func send(_ event: ClientEvent) async throws {}
}
