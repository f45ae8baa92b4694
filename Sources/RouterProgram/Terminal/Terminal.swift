import ConfigSource
import EventJSON
import EventRouter
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The program's standard output and standard error.
///
/// The program escapes the text that it prints (see `escapedForDisplay`), so that sessions and files cannot control a
/// terminal.
package enum Terminal {
    /// The error number of the first failed write to standard output; 0 if none failed.
    private static let outputFailure = Atomic<CInt>(0)

    /// Prints a line on standard output.
    package static func print(_ line: String) {
        // Handlers' earlier output may still be in the C library's buffer.
        flush()
        write(bytes: Array(line.utf8) + [0x0A])
    }

    /// Prints a line on standard error.
    package static func write(_ line: String) {
        writeAll(Array(line.utf8).escapedForDisplay + [0x0A], to: STDERR_FILENO)
    }

    /// Prints an error on standard error.
    package static func error(_ message: String) { write("error: " + message) }

    /// Prints a warning on standard error.
    package static func warning(_ message: String) { write("warning: " + message) }

    /// Warns about the lines of a session that are not events, unless `count` is 0.
    ///
    /// - Parameter session: the session's path; nil if the command reads only one session.
    static func warn(ofUndecodable count: Int, in session: String? = nil) {
        guard count > 0 else { return }
        let place = session.map { " of \($0.printable)" } ?? ""
        warning("\(count == 1 ? "1 line" : "\(count) lines")\(place) could not be read as an event")
    }

    /// Whether standard error is a terminal, and `NO_COLOR` is not set.
    static var canDraw: Bool { isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard output is a terminal, and `NO_COLOR` is not set.
    static var hasColours: Bool { isTerminal && getenv("NO_COLOR") == nil }

    /// Prints text on standard error without a line end and without escaping it.
    static func draw(_ text: String) { writeAll(Array(text.utf8), to: STDERR_FILENO) }

    /// Prints escaped text on standard output without a line end.
    static func write(bytes: [UInt8]) { write(unescaped: bytes.escapedForDisplay) }

    /// Writes bytes to standard output unchanged.
    static func write(unescaped bytes: [UInt8]) { recordFailure(writeAll(bytes, to: STDOUT_FILENO).code) }

    /// Flushes the C library's buffers, which hold for example what handlers printed.
    static func flush() { recordFailure(fflush(nil) == 0 ? nil : errno) }

    /// Prints an error if a write to standard output failed. A closed pipe is not an error.
    ///
    /// - Returns: whether a write failed.
    static func reportOutputFailure() -> Bool {
        let code = outputFailure.load(ordering: .relaxed)
        guard code != 0, code != EPIPE else { return false }
        error("\(FileFailure("cannot write", "standard output", code))")
        return true
    }

    private static func recordFailure(_ code: CInt?) {
        if let code { _ = outputFailure.compareExchange(expected: 0, desired: code, ordering: .relaxed) }
    }
}
