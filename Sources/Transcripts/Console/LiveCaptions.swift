package import EventRouter
package import RealtimeEvents
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A conversation on a terminal while it is held: words appear as they arrive, and stay when they are final.
///
/// Where the output is no terminal, or a `dumb` one, it is a transcript as ``TranscriptFormat/text``, without partial words and
/// without codes for a terminal. Colours are left out when `NO_COLOR` is set. Nothing else should write to the terminal
/// meanwhile.
package final class LiveCaptions: TranscriptSink, RecordKeeper {
    private let terminal: TerminalDevice?
    private let file: TranscriptFile
    private let clock: any RouterClock
    private let screen: Mutex<CaptionScreen>

    /// Makes the sink.
    ///
    /// - Parameters:
    ///   - path: `-` for standard output; a file gets what is final, as in ``TranscriptFile``.
    ///   - clock: the time to go by.
    package init(path: String = "-", clock: any RouterClock = .system) {
        terminal = TerminalDevice(path: path)
        file = TranscriptFile(readWhileItGrows: path, clock: clock)
        self.clock = clock
        screen = Mutex(CaptionScreen(hasColours: terminal?.hasColours ?? false))
    }

    /// Words are wanted while they arrive.
    package var partials: Bool { true }

    /// Passes the counts on to the file.
    package func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Opens the file where there is no terminal.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    package func start() async throws {
        if terminal == nil { try await file.start() }
    }

    /// Shows what was said.
    ///
    /// - Throws: `FileFailure` when it could not be written to a file.
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

    /// What stands in the file, where there is no terminal.
    ///
    /// - Throws: `FileFailure` when it cannot forget one session.
    package func forget(session: String) throws -> Int { try file.forget(session: session) }

    /// Removes the file when nobody wrote to it since a time.
    ///
    /// - Throws: `FileFailure` when it cannot be removed.
    package func forget(before time: Double) throws -> Int { try file.forget(before: time) }

    /// Takes away what was still going on.
    package func stop() async {
        guard let terminal else { return await file.stop() }
        screen.withLock { terminal.draw($0.end(terminal.size.columns)) }
    }
}

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
