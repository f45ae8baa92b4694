public import Logging

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
