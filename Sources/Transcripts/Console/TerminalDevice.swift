import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard output or standard error, where that is a terminal whose lines can be drawn anew.
struct TerminalDevice {
    private let descriptor: CInt
    /// Whether it may be given colours.
    let hasColours: Bool

    /// The terminal behind an output path; nil when there is none.
    init?(path: String) {
        switch path {
        case "-": descriptor = STDOUT_FILENO
        case LineFile.standardError: descriptor = STDERR_FILENO
        default: return nil
        }
        guard isatty(descriptor) == 1, getenv("TERM").map({ String(cString: $0) }) != "dumb" else { return nil }
        hasColours = getenv("NO_COLOR") == nil
    }

    /// Its columns and rows at the moment.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes a text as it is, with one call as far as the terminal takes it.
    func draw(_ text: String) { writeAll(Array(text.utf8), to: descriptor) }
}
