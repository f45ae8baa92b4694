import Dispatch
import EventJSON
public import RealtimeEvents
public import RecordFiles
import Synchronization

/// A destination for the client events that the router sends to the server.
public protocol OutboundSink: RecordWriter, Sendable {
    /// Sends one client event. Called in order, one at a time, on the session's own task.
    ///
    /// May be slow: routing continues until ``RouterOptions/outboundCapacity`` client events are waiting. One second
    /// after a shutdown's deadline the router cancels the task; the run then ends even if this call does not return.
    ///
    /// - Throws: A `RecordWriteError` for an event that could not be written to a file; it is counted, and the session
    ///   continues. Any other error ends the session.
    func send(_ event: ClientEvent) async throws

    /// Sends one client event of a session that shares the output with other sessions. The default calls ``send(_:)``.
    func send(_ event: ClientEvent, session: String) async throws
}

extension OutboundSink {
    /// Sends the event.
    public func send(_ event: ClientEvent, session: String) async throws { try await send(event) }
}

/// Writes client events to a JSON Lines file, one event per line.
///
/// Lines are written on a dispatch queue, because writing to a pipe blocks until it is read.
public final class OutboundFile: OutboundSink {
    private let file: LineFile
    private let queue = DispatchQueue(label: "outbound-file")
    /// The number of lines that are being written.
    private let writes = Atomic<Int>(0)

    /// Opens the file for appending; `-` is standard output.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    public init(path: String) throws {
        file = LineFile(path: path)
        try file.open()
    }

    /// Appends one line. Cancelling the task has no effect.
    ///
    /// - Throws: `FileFailure` if writing failed.
    public func send(_ event: ClientEvent) async throws { try await write(Array(event.json.description.utf8)) }

    /// Appends one line that names the session, `{"session": KEY, "direction": "client", "event": {…}}`. A router can
    /// read this line.
    ///
    /// - Throws: `FileFailure` if writing failed.
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

    /// Sets the counter of lines that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file. Does nothing while a write blocks, because closing would block too.
    public func close() {
        if writes.load(ordering: .relaxed) == 0 { file.close() }
    }
}

/// Discards client events after they are counted.
public struct DiscardedOutbound: OutboundSink {
    /// Creates the sink.
    public init() {}
    /// Discards the event.
    public func send(_ event: ClientEvent) async throws {}
}
