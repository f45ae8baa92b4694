public import EventRouter
public import RealtimeEvents
import Synchronization

/// A transcript in a file, or in one for each session: every finished utterance, in the order of the conversation.
///
/// As JSON Lines (``TranscriptFormat/jsonl``) an utterance that something later changed has a second line with `revised: true`.
/// The keys stand in a fixed order and are absent when unknown: `session`, `session_id`, `time`, `item_id`, `role`, `text`,
/// `status`, `revised`, `turn`, `previous_item_id`, `response_id`, `out_of_band`, `response_metadata`, `phase`, `content_index`,
/// `modality`, `started_ms`, `ended_ms`, `audio_start_ms`, `audio_end_ms`, `heard_ms`, `heard_text`, `audio_ms`, `language`,
/// `confidence`, `labels`, `event_id`.
/// `time` (RFC 3339) stands only where events come as they happen: a recording does not say when it was made.
///
/// In the forms for people what was said is on one line, without control characters and markup; times are those since the
/// session's source began. They come four utterances late, the last ones when the sink is stopped, so that an utterance that is
/// corrected until then is written once, as corrected. Of an answer that was cut off they have only the words that were heard, with `…` after them. A later correction is a
/// line of its own in text and Markdown and is missing in captions.
///
/// A file is appended to, entry by entry. Of many sessions at a time, the ones that spoke last are kept in mind.
public final class TranscriptFile: TranscriptSink, RecordKeeper {
    /// A session on its way into its file.
    private struct Track {
        var form: any TranscriptForm
        var path: String
        var lastUse: Int
    }

    private struct State {
        var tracks: [String: Track] = [:]
        var files: [String: LineFile] = [:]
        var uses = 0
        var unwritten: UnwrittenRecords?
    }

    /// How many sessions are kept in mind, and so how many files are open at most.
    static let openSessions = 64

    private let output: OutputPath
    private let format: TranscriptFormat
    private let makeForm: @Sendable () -> any TranscriptForm
    private let maximumSize: Int
    private let clock: any RouterClock
    private let state = Mutex(State())

    /// Makes the sink; files are opened by `start()`, or when a session has words.
    ///
    /// - Parameters:
    ///   - path: the file to append to; `-` is standard output. `{session}` stands for the session's key as a `SafeFileName`,
    ///     `{date}` for the day (UTC) on which its first words were recorded.
    ///   - format: the form of the file.
    ///   - maximumSize: how many bytes a file may hold before it is renamed and a new one begun, as in `LineFile`.
    ///   - clock: the time to go by.
    public init(
        path: String, format: TranscriptFormat = .jsonl, maximumSize: Int = .max, clock: any RouterClock = .system
    ) {
        output = OutputPath(template: path)
        self.format = format
        makeForm = format.makeForm
        self.maximumSize = maximumSize
        self.clock = clock
    }

    /// Makes the sink of a text that somebody reads while it grows: nothing is kept back.
    init(readWhileItGrows path: String, clock: any RouterClock) {
        output = OutputPath(template: path)
        format = .text
        makeForm = { ReadableTranscript(style: .text, held: HeldUtterances(limit: 0)) }
        maximumSize = .max
        self.clock = clock
    }

    /// Takes the counts of captions that could not be written when their session ended.
    public func reportUnwritten(to records: UnwrittenRecords) {
        state.withLock { state in
            state.unwritten = records
            for file in state.files.values { file.reportUnwritten(to: records) }
        }
    }

    /// Opens the file, if it is the same one for every session.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    public func start() async throws {
        guard output.isFixed else { return }
        try state.withLock { _ = try file(at: output.template, &$0) }
    }

    /// Appends an utterance to its session's file.
    ///
    /// - Throws: `FileFailure` when it could not be written.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        let record = TranscriptRecord(utterance, update, in: session, clock: clock)
        try state.withLock { state in
            var track = state.tracks[record.session] ?? newTrack(record.session)
            let entries = track.form.entries(for: record)
            let file = try file(at: track.path, &state)
            if !entries.isEmpty { try file.write(Self.bytes(entries)) }
            state.uses += 1
            track.lastUse = state.uses
            // Only now, so that an utterance that could not be written can be recorded again.
            state.tracks[record.session] = track
            if state.tracks.count > Self.openSessions { closeOldest(&state) }
        }
    }

    /// Writes what was kept back and closes the files.
    public func stop() async {
        state.withLock { state in
            for session in state.tracks.keys.sorted() { close(session, &state) }
            for file in state.files.values { file.close() }
            state.files = [:]
        }
    }

    /// Forgets a session: its files where it has such, its lines in a file of JSON Lines.
    ///
    /// - Throws: `FileFailure` when a file cannot be written, and for other forms that many sessions share.
    public func forget(session: String) throws -> Int {
        guard output.namesSession else { return try shared.forget(session: session) }
        return try FilePattern(output.template, of: SessionFamily(session), beginnings: format.beginnings).remove()
    }

    /// Removes files that nobody wrote to since a time, and forgets older lines of a file of JSON Lines.
    ///
    /// - Throws: `FileFailure` when a file cannot be written or removed.
    public func forget(before time: Double) throws -> Int {
        if output.isStream { return 0 }
        let removed = try FilePattern(output.template, beginnings: format.beginnings).remove(unwrittenSince: time)
        return try removed + (format == .jsonl ? RecordLines(path: output.template).forget(before: time) : 0)
    }

    /// What the file is where many sessions share it.
    private var shared: any RecordKeeper {
        format == .jsonl ? RecordLines(path: output.template) : SharedText(path: output.template)
    }

    private func newTrack(_ session: String) -> Track {
        let path = output.path(session: session, now: clock.wallTime)
        return Track(form: makeForm(), path: path, lastUse: 0)
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
        guard let oldest = state.tracks.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        close(oldest.key, &state)
        guard !state.tracks.values.contains(where: { $0.path == oldest.value.path }) else { return }
        state.files.removeValue(forKey: oldest.value.path)?.close(durably: false)
    }

    private func close(_ session: String, _ state: inout State) {
        guard var track = state.tracks.removeValue(forKey: session), let file = state.files[track.path] else { return }
        // An utterance that cannot be written is counted by itself.
        for entries in track.form.rest() where !entries.isEmpty { file.append(Self.bytes(entries)) }
    }

    /// Entries as one, so that either all of them are in the file or none is.
    private static func bytes(_ entries: [String]) -> [UInt8] { Array(entries.joined(separator: "\n").utf8) }
}
