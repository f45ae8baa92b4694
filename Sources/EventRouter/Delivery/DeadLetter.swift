public import Logging
public import RealtimeEvents
public import RecordFiles

/// An event that could not be delivered, or a line that is not an event, with the reason.
public struct DeadLetter: Sendable {
    /// The reason of a dead letter.
    public enum Reason: String, Sendable, Hashable {
        /// The line is not a JSON object.
        case undecodable
        /// The line is longer than an event may be.
        case oversized
        /// The handler failed at every attempt.
        case failed
        /// The router shut down before the handler had finished.
        case shutdown
    }

    /// The reason of a dead letter.
    public var reason: Reason
    /// The session's key.
    public var session: String
    /// The server's id of the session; nil if it is not known.
    public var sessionID: String?
    /// The session's labels.
    public var labels: [SessionLabel]
    /// The function call that the event is about; nil for any other event.
    public var call: CallReference?
    /// The side that sent the event; `server` for a line that is not an event.
    public var side: SessionSide
    /// The route that took the event; nil for a line that is not an event.
    public var route: String?
    /// The handler that failed.
    public var handler: String?
    /// The number of attempts.
    public var attempts: Int?
    /// The error of the last attempt, or what is wrong with the line.
    public var error: String
    /// The line in the source, counted from 1.
    public var line: Int
    /// The length of the line or event, in bytes.
    public var length: Int
    /// The redacted bytes of the line or event, at most the first 64 KiB.
    public var bytes: [UInt8]
    /// Whether ``bytes`` lacks the end, or all, of the line or event.
    public var isTruncated: Bool

    /// The largest number of bytes that are kept.
    public static let keptBytes = 64 * 1024

    /// Creates a dead letter. If `isTruncated` is nil, it is true if there are fewer bytes than `length`.
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

/// A destination for dead letters.
///
/// Several threads may call `record(_:)` at a time. It does not throw, because a dead letter has no further fallback. A
/// sink that could not write one counts it: see `RecordWriter`.
public protocol DeadLetterSink: RecordWriter, Sendable {
    /// Opens what the sink needs. Called once, before the first record.
    func start() throws
    /// Records one dead letter.
    func record(_ letter: DeadLetter)
    /// Closes the sink. Called once, after the last record.
    func stop()
    /// The sink's persistent records, so that they can be deleted on request; nil if it keeps none.
    var records: (any RecordKeeper)? { get }
}

extension DeadLetterSink {
    /// Nothing to open.
    public func start() throws {}
    /// Nothing to close.
    public func stop() {}
    /// Nil.
    public var records: (any RecordKeeper)? { nil }
}

/// Logs dead letters as warnings, without the event itself, because logs must not contain what people said.
///
/// A warning is `event lost`, with `reason`, `session`, `line`, `error` (redacted) and, if a handler failed, `handler`
/// and `route`.
public struct LoggedDeadLetters: DeadLetterSink {
    /// The message of each warning.
    package static let message: Logger.Message = "event lost"

    private let logger: Logger?

    /// Creates the sink.
    ///
    /// - Parameter logger: The log; nil for the log of the router whose table has the sink.
    public init(logger: Logger? = nil) {
        self.logger = logger
    }

    /// Returns the sink with a default log.
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
