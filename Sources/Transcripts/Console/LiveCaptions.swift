package import EventRouter
package import RealtimeEvents
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows a conversation on a terminal while it takes place: partial text as it arrives, then the final text.
///
/// If the output is not a terminal, or the terminal is `dumb`, the sink writes a transcript in
/// ``TranscriptFormat/text`` without partial text or escape sequences. It uses no colours if `NO_COLOR` is set. Nothing
/// else should write to the terminal until ``stop()``.
package final class LiveCaptions: TranscriptSink, RecordKeeper {
    private let terminal: TerminalDevice?
    private let file: TranscriptFile
    private let clock: any RouterClock
    private let screen: Mutex<CaptionScreen>

    /// Creates the sink.
    ///
    /// - Parameters:
    ///   - path: `-` for standard output; a file gets only final text, as in ``TranscriptFile``.
    ///   - clock: the clock for the times of records.
    package init(path: String = "-", clock: any RouterClock = .system) {
        terminal = TerminalDevice(path: path)
        file = TranscriptFile(unbufferedPath: path, clock: clock)
        self.clock = clock
        screen = Mutex(CaptionScreen(hasColours: terminal?.hasColours ?? false))
    }

    /// True: the sink shows partial text.
    package var partials: Bool { true }

    /// Uses `records` to count the records that cannot be written to the file.
    package func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Opens the file if there is no terminal.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    package func start() async throws {
        if terminal == nil { try await file.start() }
    }

    /// Shows an utterance.
    ///
    /// - Throws: `FileFailure` if it could not be written to a file.
    package func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        guard let terminal else {
            if update != .partial { try await file.record(utterance, update, in: session) }
            return
        }
        let record = TranscriptRecord(utterance, update, in: session, clock: clock)
        let (columns, rows) = terminal.size
        screen.withLock { screen in
            let text =
                update == .partial ? screen.update(record, columns, rows) : screen.finish(record, columns, rows)
            terminal.draw(text)
        }
    }

    /// Removes a session's text from the file, if there is no terminal.
    ///
    /// - Throws: `FileFailure` if the text of a single session cannot be removed.
    package func forget(session: String) throws -> Int { try file.forget(session: session) }

    /// Removes the file if it has not been written to since a time.
    ///
    /// - Throws: `FileFailure` if it cannot be removed.
    package func forget(before time: Double) throws -> Int { try file.forget(before: time) }

    /// Removes unfinished utterances from the terminal, or closes the file.
    package func stop() async {
        guard let terminal else { return await file.stop() }
        screen.withLock { terminal.draw($0.end(terminal.size.columns)) }
    }
}

/// Standard output or standard error, if it is a terminal on which lines can be redrawn.
struct TerminalDevice {
    private let descriptor: CInt
    /// Whether colours may be used.
    let hasColours: Bool

    /// The terminal at an output path; nil if there is none.
    init?(path: String) {
        switch path {
        case "-": descriptor = STDOUT_FILENO
        case LineFile.standardError: descriptor = STDERR_FILENO
        default: return nil
        }
        guard isatty(descriptor) == 1, getenv("TERM").map({ String(cString: $0) }) != "dumb" else { return nil }
        hasColours = getenv("NO_COLOR") == nil
    }

    /// The current number of columns and rows.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes a text unchanged, in one call if the terminal accepts it.
    func draw(_ text: String) { writeAll(Array(text.utf8), to: descriptor) }
}
