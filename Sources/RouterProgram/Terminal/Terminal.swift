import ConfigSource
import EventJSON
import EventRouter
public import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the program says to the person in front of it.
///
/// Text that the program prints is escaped as `escapedForDisplay` says: sessions and files must not control a terminal.
package enum Terminal {
    /// The error number of the first write to standard output that failed; 0 when none did.
    private static let outputFailure = Atomic<CInt>(0)

    /// A line on standard output.
    package static func print(_ line: String) {
        // What handlers printed may still lie in the C library's buffer, and came first.
        flush()
        write(bytes: Array(line.utf8) + [0x0A])
    }

    /// A line on standard error.
    package static func write(_ line: String) {
        writeAll(Array(line.utf8).escapedForDisplay + [0x0A], to: STDERR_FILENO)
    }

    /// An error, on standard error.
    package static func error(_ message: String) { write("error: " + message) }

    /// A warning, on standard error.
    package static func warning(_ message: String) { write("warning: " + message) }

    /// A warning about lines of a session that are no events, where there are any.
    ///
    /// - Parameter session: the session's path; nil where only one can be meant.
    static func warn(ofUndecodable count: Int, in session: String? = nil) {
        guard count > 0 else { return }
        let place = session.map { " of \($0.printable)" } ?? ""
        warning("\(count == 1 ? "1 line" : "\(count) lines")\(place) could not be read as an event")
    }

    /// Whether standard error is a terminal that wants to be drawn on.
    static var mayDraw: Bool { isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard output is a terminal that shows colours.
    static var hasColours: Bool { isTerminal && getenv("NO_COLOR") == nil }

    /// Text on standard error without a line end.
    static func draw(_ text: String) { writeAll(Array(text.utf8), to: STDERR_FILENO) }

    /// Text on standard output without a line end.
    static func write(bytes: [UInt8]) { write(unescaped: bytes.escapedForDisplay) }

    /// Bytes on standard output as they are.
    static func write(unescaped bytes: [UInt8]) { note(writeAll(bytes, to: STDOUT_FILENO).code) }

    /// Writes what lies in the C library's buffers, as from a `print` of a handler.
    static func flush() { note(fflush(nil) == 0 ? nil : errno) }

    /// Says that standard output lacks something, where it does. A reader that went away wants to hear no more.
    ///
    /// - Returns: whether it does.
    static func reportsLoss() -> Bool {
        let code = outputFailure.load(ordering: .relaxed)
        guard code != 0, code != EPIPE else { return false }
        error("\(FileFailure("cannot write", "standard output", code))")
        return true
    }

    private static func note(_ code: CInt?) {
        if let code { _ = outputFailure.compareExchange(expected: 0, desired: code, ordering: .relaxed) }
    }
}

extension RouterProgram {
    /// A logger for parts of the program: warnings and errors go to standard error, as the program's own do, and all else nowhere.
    public static let logger = Logger(label: "realtime-router") { _ in WarningLog() }
}

/// A log as the program's user reads it: `warning: …`, a line each.
private struct WarningLog: LogHandler {
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A message can quote what a client sent.
        let message = PrintableText("\(event.message)").description
        if event.level >= .error { Terminal.error(message) } else { Terminal.warning(message) }
    }
}
