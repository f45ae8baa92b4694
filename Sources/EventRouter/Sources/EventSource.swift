public import RealtimeEvents

/// A source of lines: one session, unless envelopes name others. It implements ``nextBatch()``; ``SessionSource/run(_:)`` is there already.
/// For messages of a connection there is ``SessionSource``.
///
/// ## Contract
/// * ``nextBatch()`` is called again and again by one task until it gives `nil` or throws, and never twice at a time.
///   It should hand over what is there as soon as something is there: a batch is as large as was convenient to read.
/// * Lines keep their order, and their numbers count from 1 without gaps.
/// * Throwing ends the session like the end of the source does (open utterances are flushed, calls finish), and the
///   error stands in ``RunReport/failure``.
/// * The task is cancelled when the router shuts down; `nextBatch()` should then return soon.
///
/// An envelope with `"session": KEY` belongs to a session of its own, which begins with the first such line and ends with
/// `{"session": KEY, "end": true}` or with the source.
public protocol EventSource: SessionSource {
    /// The session's key. If a session with the same key runs, the new one gets `#2`, `#3`, … behind it.
    var key: String { get }
    /// Whether somebody answers: a live socket does, a recorded file does not. An event without a time then gets its arrival time, in
    /// seconds since the run began.
    var isInteractive: Bool { get }
    /// Whether its events come as they happen. While none comes the time then goes on by the router's clock, so that silence is
    /// told. By default what ``isInteractive`` says.
    var isLive: Bool { get }
    /// How long nothing may come for a session before it ends, with the reason `idle`; nil, the default, for no limit.
    var idleLimit: Duration? { get }

    /// The outputs of function calls that the recording's client already sent.
    ///
    /// Read ahead, once: before the first batch, or, where ``answersInEnvelopes``, before the first envelope is routed. The default is
    /// none.
    ///
    /// - Throws: what reading throws.
    func recordedOutputs() async throws -> RecordedOutputs
    /// The same for a session that envelopes name. Read before its first envelope is routed. The default is none.
    ///
    /// - Parameter session: the name, with `#2`, `#3`, … for the sessions of that name that begin after the first has ended.
    func recordedOutputs(of session: String) async throws -> RecordedOutputs
    /// Whether what the client sent stands in envelopes, so that nothing has to be read ahead while none comes. By default it does
    /// not.
    var answersInEnvelopes: Bool { get }

    /// The next lines; `nil` at the end.
    ///
    /// - Throws: what reading throws.
    func nextBatch() async throws -> EventBatch?
}

extension EventSource {
    /// Nothing was answered before.
    public func recordedOutputs() async throws -> RecordedOutputs { [:] }

    /// Nothing was answered before.
    public func recordedOutputs(of session: String) async throws -> RecordedOutputs { [:] }

    /// The client's answers are known to the source.
    public var answersInEnvelopes: Bool { false }

    /// Who answers is live.
    public var isLive: Bool { isInteractive }

    /// However long nothing comes.
    public var idleLimit: Duration? { nil }
}
