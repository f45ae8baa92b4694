public import RealtimeEvents
public import RecordFiles

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
