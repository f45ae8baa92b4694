public import Logging

/// Dead letters as warnings in the log, without the event itself: what people said is not for logs.
public struct LoggedDeadLetters: DeadLetterSink {
    private let logger: Logger?

    /// Makes the sink.
    ///
    /// - Parameter logger: where the warnings go; without one the letters are only counted by the router.
    public init(logger: Logger? = nil) {
        self.logger = logger
    }

    /// Writes one warning.
    public func record(_ letter: DeadLetter) {
        logger?.warning(
            "event lost",
            metadata: [
                "reason": "\(letter.reason.rawValue)", "session": "\(letter.session)", "line": "\(letter.line)",
                "handler": "\(letter.handler ?? "-")", "error": "\(letter.error)",
            ])
    }
}
