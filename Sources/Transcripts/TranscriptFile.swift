public import EventRouter
public import RealtimeEvents
import Synchronization

/// Writes a transcript to one file, or to one file per session: every finished utterance, in conversation order.
///
/// In JSON Lines (``TranscriptFormat/jsonl``), an utterance that is corrected later gets a second line with
/// `revised: true`. The keys have a fixed order, and are absent if unknown: `session`, `session_id`, `time`, `item_id`,
/// `role`, `text`, `status`, `revised`, `turn`, `previous_item_id`, `response_id`, `out_of_band`, `response_metadata`,
/// `phase`, `content_index`, `modality`, `started_ms`, `ended_ms`, `audio_start_ms`, `audio_end_ms`, `heard_ms`,
/// `heard_text`, `audio_ms`, `language`, `confidence`, `labels`, `event_id`. `time` (RFC 3339) is present only for live
/// sessions: a recording does not say when it was made.
///
/// In the other formats, an utterance's text is on one line, without control characters and markup; times count from
/// the start of the session's source. Utterances are written four utterances late, and the last ones when the sink
/// stops, so that an utterance that is corrected before it is written appears once, as corrected. An interrupted answer
/// is written with only the words that were heard, followed by `…`. A later correction is a separate entry in text and
/// Markdown, and is not written in captions.
///
/// Entries are appended to the file. Only a limited number of sessions is kept open, those that spoke last.
public final class TranscriptFile: TranscriptSink, RecordKeeper {
    /// The state of one session that is written to a file.
    private struct OpenSession {
        var formatter: any TranscriptFormatter
        var path: String
        var lastUse: Int
    }

    private struct State {
        var sessions: [String: OpenSession] = [:]
        var files: [String: LineFile] = [:]
        var uses = 0
        var unwritten: UnwrittenRecords?
    }

    /// The maximum number of sessions kept open, and so of open files.
    static let openSessionLimit = 64

    private let output: OutputPath
    private let format: TranscriptFormat
    private let makeFormatter: @Sendable () -> any TranscriptFormatter
    private let maximumSize: Int
    private let clock: any RouterClock
    private let state = Mutex(State())

    /// Creates the sink. Files are opened by `start()`, or with a session's first utterance.
    ///
    /// - Parameters:
    ///   - path: the file to append to; `-` is standard output. `{session}` is replaced by the session's key as a
    ///     `SafeFileName`, `{date}` by the day (UTC) of its first utterance.
    ///   - format: the file's format.
    ///   - maximumSize: the size in bytes at which the file is renamed and a new one started, as in `LineFile`.
    ///   - clock: the clock for the times of records.
    public init(
        path: String, format: TranscriptFormat = .jsonl, maximumSize: Int = .max, clock: any RouterClock = .system
    ) {
        output = OutputPath(template: path)
        self.format = format
        makeFormatter = format.makeFormatter
        self.maximumSize = maximumSize
        self.clock = clock
    }

    /// Creates an unbuffered sink, for a text that is read while it is written.
    init(unbufferedPath path: String, clock: any RouterClock) {
        output = OutputPath(template: path)
        format = .text
        makeFormatter = { ReadableFormatter(style: .text, buffer: CorrectionBuffer(limit: 0)) }
        maximumSize = .max
        self.clock = clock
    }

    /// Uses `records` to count entries that could not be written when their session ended.
    public func reportUnwritten(to records: UnwrittenRecords) {
        state.withLock { state in
            state.unwritten = records
            for file in state.files.values { file.reportUnwritten(to: records) }
        }
    }

    /// Opens the file, if all sessions share one.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    public func start() async throws {
        guard output.isFixed else { return }
        try state.withLock { _ = try file(at: output.template, &$0) }
    }

    /// Appends an utterance to its session's file.
    ///
    /// - Throws: `FileFailure` if it could not be written.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        let record = TranscriptRecord(utterance, update, in: session, clock: clock)
        try state.withLock { state in
            var open = state.sessions[record.session] ?? newSession(record.session)
            let entries = open.formatter.entries(for: record)
            let file = try file(at: open.path, &state)
            if !entries.isEmpty { try file.write(Self.bytes(entries)) }
            state.uses += 1
            open.lastUse = state.uses
            // Stored only after the write, so that an utterance that could not be written can be recorded again.
            state.sessions[record.session] = open
            if state.sessions.count > Self.openSessionLimit { closeOldest(&state) }
        }
    }

    /// Writes the buffered utterances and closes the files.
    public func stop() async {
        state.withLock { state in
            for session in state.sessions.keys.sorted() { close(session, &state) }
            for file in state.files.values { file.close() }
            state.files = [:]
        }
    }

    /// Forgets a session: removes its own files, or its lines in a shared JSON Lines file.
    ///
    /// - Throws: `FileFailure` if a file cannot be written, and for a shared file in another format.
    public func forget(session: String) throws -> Int {
        guard output.namesSession else { return try shared.forget(session: session) }
        return try FilePattern(output.template, of: SessionFamily(session), beginnings: format.fileSignatures).remove()
    }

    /// Removes files that have not been written to since a time, and forgets older lines of a JSON Lines file.
    ///
    /// - Throws: `FileFailure` if a file cannot be written or removed.
    public func forget(before time: Double) throws -> Int {
        if output.isStream { return 0 }
        let removed = try FilePattern(output.template, beginnings: format.fileSignatures).remove(unwrittenSince: time)
        return try removed + (format == .jsonl ? RecordLines(path: output.template).forget(before: time) : 0)
    }

    /// The records of a file that many sessions share.
    private var shared: any RecordKeeper {
        format == .jsonl ? RecordLines(path: output.template) : SharedText(path: output.template)
    }

    private func newSession(_ session: String) -> OpenSession {
        let path = output.path(session: session, now: clock.wallTime)
        return OpenSession(formatter: makeFormatter(), path: path, lastUse: 0)
    }

    private func file(at path: String, _ state: inout State) throws -> LineFile {
        if let file = state.files[path] { return file }
        let file = LineFile(
            path: path, header: Array(format.header.utf8), maximumSize: maximumSize,
            isRenewed: !output.namesSession)
        if let unwritten = state.unwritten { file.reportUnwritten(to: unwritten) }
        try file.open()
        state.files[path] = file
        return file
    }

    private func closeOldest(_ state: inout State) {
        guard let oldest = state.sessions.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        close(oldest.key, &state)
        guard !state.sessions.values.contains(where: { $0.path == oldest.value.path }) else { return }
        state.files.removeValue(forKey: oldest.value.path)?.close(durably: false)
    }

    private func close(_ session: String, _ state: inout State) {
        guard var open = state.sessions.removeValue(forKey: session), let file = state.files[open.path] else { return }
        // Appended one by one: `append` counts each utterance that cannot be written.
        for entries in open.formatter.finish() where !entries.isEmpty { file.append(Self.bytes(entries)) }
    }

    /// Joins entries, so that either all of them are written or none.
    private static func bytes(_ entries: [String]) -> [UInt8] { Array(entries.joined(separator: "\n").utf8) }
}
