public import Logging
public import RealtimeEvents
public import RecordFiles

/// An event that could not be delivered, or a line that is no event, with the reason.
public struct DeadLetter: Sendable {
    /// Why it is here.
    public enum Reason: String, Sendable, Hashable {
        /// The line is not a JSON object.
        case undecodable
        /// The line is longer than an event may be.
        case oversized
        /// The handler failed as often as it may be tried.
        case failed
        /// The router shut down before the handler was done.
        case shutdown
    }

    /// Why it is here.
    public var reason: Reason
    /// The session's key.
    public var session: String
    /// The server's id of the session, where it is known.
    public var sessionID: String?
    /// What the operator says about the session.
    public var labels: [SessionLabel]
    /// The function call that the event is about, as the journal names it; `nil` for any other event.
    public var call: CallReference?
    /// Who sent the event; for a line that is no event the server.
    public var side: SessionSide
    /// The route that took the event; `nil` for a line that is no event.
    public var route: String?
    /// The handler that failed.
    public var handler: String?
    /// The number of attempts that were made.
    public var attempts: Int?
    /// What the last attempt said, or what is wrong with the line.
    public var error: String
    /// The line in the source, from 1.
    public var line: Int
    /// The length of the line or event, in bytes.
    public var length: Int
    /// What came, cut to the first 64 KiB, and without what must not be written.
    public var bytes: [UInt8]
    /// Whether `bytes` is only the beginning of what came, or nothing of it.
    public var isTruncated: Bool

    /// As much of what came is kept.
    public static let keptBytes = 64 * 1024

    /// Makes a dead letter. Unless it is said whether it is truncated, it is when there are fewer bytes than the length says.
    public init(
        reason: Reason, session: String, sessionID: String? = nil, labels: [SessionLabel] = [],
        call: CallReference? = nil, side: SessionSide = .server,
        route: String? = nil, handler: String? = nil, attempts: Int? = nil, error: String, line: Int, length: Int,
        bytes: [UInt8], isTruncated: Bool? = nil
    ) {
        self.reason = reason
        self.session = session
        self.sessionID = sessionID
        self.labels = labels
        self.call = call
        self.side = side
        self.route = route
        self.handler = handler
        self.attempts = attempts
        self.error = error
        self.line = line
        self.length = length
        self.bytes = bytes.count > Self.keptBytes ? Array(bytes.prefix(Self.keptBytes)) : bytes
        self.isTruncated = isTruncated ?? (self.bytes.count < length)
    }
}

/// A place where dead letters go.
///
/// `record(_:)` may be called from several threads at a time and does not throw: a dead letter is the last resort. A sink
/// that could not keep one counts it: see `RecordWriter`.
public protocol DeadLetterSink: RecordWriter, Sendable {
    /// Opens what the sink needs; once, before the first record.
    func start() throws
    /// Takes one dead letter.
    func record(_ letter: DeadLetter)
    /// Closes the sink; once, after the last record.
    func stop()
    /// What it keeps beyond its life, so that it can be told to forget; `nil` when it keeps nothing.
    var records: (any RecordKeeper)? { get }
}

extension DeadLetterSink {
    /// Nothing to open.
    public func start() throws {}
    /// Nothing to close.
    public func stop() {}
    /// Nothing is kept.
    public var records: (any RecordKeeper)? { nil }
}

/// Dead letters as warnings in the log, without the event itself: what people said is not for logs.
///
/// A warning is `event lost`, with `reason`, `session`, `line`, `error` (without what the table's redactors and secrets take out) and, if
/// a handler failed, `handler` and `route`.
public struct LoggedDeadLetters: DeadLetterSink {
    /// The message of each warning.
    package static let message: Logger.Message = "event lost"

    private let logger: Logger?

    /// Makes the sink.
    ///
    /// - Parameter logger: The log; nil for that of the router whose table has the sink.
    public init(logger: Logger? = nil) {
        self.logger = logger
    }

    /// The sink with a log, if it has none of its own.
    func logging(to logger: Logger) -> LoggedDeadLetters { LoggedDeadLetters(logger: self.logger ?? logger) }

    /// Writes one warning.
    public func record(_ letter: DeadLetter) {
        var metadata: Logger.Metadata = [
            "reason": "\(letter.reason.rawValue)", "session": "\(letter.session)", "line": "\(letter.line)",
            "error": "\(letter.error)",
        ]
        if let handler = letter.handler { metadata["handler"] = "\(handler)" }
        if let route = letter.route { metadata["route"] = "\(route)" }
        logger?.warning(Self.message, metadata: metadata)
    }
}
