public import RealtimeEvents

/// A source of lines. They belong to one session, unless envelopes name others. A conforming type implements
/// ``nextBatch()``; ``SessionSource/run(_:)`` has a default implementation. For messages of a connection use
/// ``SessionSource``.
///
/// ## Contract
/// * One task calls ``nextBatch()`` repeatedly until it returns nil or throws. It should return as soon as any lines
///   are available; a batch may have any size.
/// * Lines keep their order. Their numbers count from 1 without gaps.
/// * Throwing ends the session like the end of the source: open utterances are flushed and calls finish. The error
///   becomes ``RunReport/failure``.
/// * The task is cancelled when the router shuts down; `nextBatch()` should then return soon.
///
/// An envelope with `"session": KEY` belongs to another session. That session begins with its first envelope and ends
/// with the line `{"session": KEY, "end": true}` or with the source.
public protocol EventSource: SessionSource {
    /// The session's key. If a session with the same key is running, the router appends `#2`, `#3`, … to the new key.
    var key: String { get }
    /// Whether client events reach the other side, as with a live socket but not with a recorded file. If true, an
    /// event without a time gets its arrival time, in seconds since the run began.
    var isInteractive: Bool { get }
    /// Whether events arrive as they happen. If true, event time advances by the router's clock between events, so that
    /// timeouts fire during silence. The default is ``isInteractive``.
    var isLive: Bool { get }
    /// The time without events after which a session ends with the reason `idle`; nil, the default, for no limit.
    var idleLimit: Duration? { get }

    /// The outputs of function calls that the client in the recording sent.
    ///
    /// The router reads them once: before the first batch, or, with ``answersInEnvelopes``, before it routes the first
    /// envelope. The default is none.
    ///
    /// - Throws: An error of reading.
    func recordedOutputs() async throws -> RecordedOutputs
    /// The outputs of function calls in a session that envelopes name. The router reads them before it routes the
    /// session's first envelope. The default is none.
    ///
    /// - Parameter session: The session's name; with `#2`, `#3`, … for later sessions of the same name.
    func recordedOutputs(of session: String) async throws -> RecordedOutputs
    /// Whether client events occur only in envelopes, so that nothing needs to be read ahead until the first envelope.
    /// The default is false.
    var answersInEnvelopes: Bool { get }

    /// Returns the next lines; nil at the end.
    ///
    /// - Throws: An error of reading.
    func nextBatch() async throws -> EventBatch?
}

extension EventSource {
    /// No outputs.
    public func recordedOutputs() async throws -> RecordedOutputs { [:] }

    /// No outputs.
    public func recordedOutputs(of session: String) async throws -> RecordedOutputs { [:] }

    /// False.
    public var answersInEnvelopes: Bool { false }

    /// The value of ``isInteractive``.
    public var isLive: Bool { isInteractive }

    /// No limit.
    public var idleLimit: Duration? { nil }
}
