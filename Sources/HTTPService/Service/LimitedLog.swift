package import Logging
import NIOCore

/// Logs at most one warning of each kind per minute, with the number of omitted warnings, so that clients cannot fill
/// the log.
///
/// Used on the event loop only.
package final class LimitedLog {
    private struct Kind {
        var next: NIODeadline
        var omitted = 0
    }

    private static let interval = TimeAmount.minutes(1)

    private let logger: Logger
    private let name: String
    private var kinds: [String: Kind] = [:]

    /// Creates a log.
    ///
    /// - Parameter name: The prefix of each warning: the service's address.
    package init(_ logger: Logger, name: String) {
        self.logger = logger
        self.name = name
    }

    /// Logs a warning. Warnings of the same kind share one rate limit. There must be few kinds, because each is kept.
    package func warning(_ message: String, kind: String? = nil) {
        let key = kind ?? message
        let now = NIODeadline.now()
        if let known = kinds[key], now < known.next {
            kinds[key]?.omitted += 1
            return
        }
        let omitted = kinds[key]?.omitted ?? 0
        kinds[key] = Kind(next: now + Self.interval)
        logger.warning("\(name): \(message)\(omitted > 0 ? " (\(omitted) more times in the last minutes)" : "")")
    }
}
