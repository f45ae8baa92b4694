public import EventRouter
import Synchronization

/// Writes the audio of each session as a stereo WAV file at 24 kHz: the user on the left, the assistant on the right.
///
/// The user's channel holds what the client appended to the input buffer, the assistant's what the server sent. PCM16
/// is written as it is, resampled to 24 kHz if the session uses another rate; G.711 is decoded. Where the source left
/// audio out and says only its length, the file is silent.
///
/// The file starts at the session's first event. The user's audio is placed at the time of its arrival. An answer is
/// placed at its arrival or at the end of the previous answer, whichever is later. No event says when an answer was
/// played, so the alignment is an estimate; a comment in the file (`LIST`, `INFO`) says so.
///
/// Silenced are: the rest of a truncated answer; the rest of a cancelled answer from the cancellation on, unless the
/// client reports how much was heard; and the whole utterance if a redactor replaced words in its transcript, once the
/// transcript is known. Nobody can tell where in the audio a redacted word was spoken.
///
/// The sizes in the header are updated after every 64 KiB of audio and at the end. A file holds 12 hours; later audio
/// is counted as unwritten. Memory use does not grow with a session's length.
public final class AudioHandler: ClientAudioHandling, EventSelecting, RecordKeeping, RecordWriter {
    private struct SessionRecording {
        var timeline: AudioTimeline
        var file: StereoFile?
        /// Changes that are not in the file yet.
        var edits: [AudioEdit] = []
        var lastUse = 0
    }

    private struct State {
        var recordings: [String: SessionRecording] = [:]
        var uses = 0
        var unwritten: UnwrittenRecords?
    }

    /// The number of sessions remembered, and so the maximum number of open files.
    static let openSessionLimit = 256
    /// The number of samples kept while the disk refuses writes: 40 seconds.
    private static let pendingSampleLimit = 40 * SessionRate.standard

    private let output: OutputPath
    private let clock: any RouterClock
    private let state = Mutex(State())

    /// Creates the handler. A session's file is created with its first audio.
    ///
    /// - Parameters:
    ///   - path: the file's path. It must contain `{session}`, which is replaced by the session's key, made safe for a
    ///     file name; `{date}` is replaced by the day (UTC) of the session's first audio. An existing file is renamed
    ///     to its path with `.1`, `.2`, …
    ///   - clock: the clock for `{date}`.
    public init(path: String, clock: any RouterClock = .system) {
        output = OutputPath(template: path)
        self.clock = clock
    }

    private static let types: [EventType] = [
        .sessionCreated, .sessionUpdated, .responseCreated, .responseOutputAudioDelta, .sessionOutputAudioDelta,
        .inputAudioBufferSpeechStarted, .inputAudioBufferCommitted, .conversationItemTruncated, .responseDone,
        .outputAudioBufferCleared, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised,
        .routerSessionEnded,
    ]

    /// The events that carry the assistant's audio, and those that say where audio belongs.
    public var interests: [EventType] { Self.types }

    /// The same types as ``interests``.
    public var usableTypes: [EventType] { Self.types }

    /// The sessions' WAV files.
    public var records: (any RecordKeeper)? { AudioFiles(template: output.template) }

    /// Uses `records` to count audio that could not be written when its session ended, or that exceeds the file's
    /// limit.
    public func reportUnwritten(to records: UnwrittenRecords) { state.withLock { $0.unwritten = records } }

    /// Applies the event's changes to the session's file.
    ///
    /// - Throws: `FileFailure` if the disk refuses; the changes are kept and tried again with the next event.
    ///   `DeliveryFailure` for audio that cannot be decoded.
    public func handle(_ delivery: EventDelivery) async throws {
        let session = delivery.session.key
        try state.withLock { state in
            if delivery.event.type.code == .routerSessionEnded {
                if let recording = state.recordings.removeValue(forKey: session) {
                    finish(recording, session, state.unwritten)
                }
                return
            }
            state.uses += 1
            var recording =
                state.recordings[session] ?? SessionRecording(timeline: AudioTimeline(begin: delivery.event.at))
            recording.lastUse = state.uses
            defer { state.recordings[session] = recording }
            // A failed earlier attempt has already added its edits.
            if delivery.attempt == 1 {
                recording.edits += try recording.timeline.edits(
                    for: delivery.event, isFromClient: delivery.side == .client)
            }
            try apply(&recording, session, state.unwritten)
        }
        state.withLock { if $0.recordings.count > Self.openSessionLimit { finishOldest(&$0) } }
    }

    /// Finishes all files.
    public func stop() async {
        state.withLock { state in
            for (session, recording) in state.recordings.sorted(by: { $0.key < $1.key }) {
                finish(recording, session, state.unwritten)
            }
            state.recordings = [:]
        }
    }

    private func finishOldest(_ state: inout State) {
        guard let oldest = state.recordings.min(by: { $0.value.lastUse < $1.value.lastUse })?.key,
            let recording = state.recordings.removeValue(forKey: oldest)
        else { return }
        finish(recording, oldest, state.unwritten)
    }

    private func finish(_ recording: SessionRecording, _ session: String, _ unwritten: UnwrittenRecords?) {
        var recording = recording
        do {
            recording.edits += recording.timeline.finish()
            try apply(&recording, session, unwritten)
            try recording.file?.finish()
        } catch {
            unwritten?.add(error as? FileFailure ?? FileFailure(path: output.template, reason: "\(error)"))
        }
    }

    /// Applies the outstanding edits; creates the file with the first audio.
    private func apply(_ recording: inout SessionRecording, _ session: String, _ unwritten: UnwrittenRecords?) throws {
        while let edit = recording.edits.first {
            do {
                try apply(edit, &recording, session, unwritten)
            } catch {
                while recording.edits.count > 1, recording.edits.reduce(0, { $0 + $1.size }) > Self.pendingSampleLimit {
                    recording.edits.removeFirst()
                }
                throw error
            }
            recording.edits.removeFirst()
        }
    }

    private func apply(
        _ edit: AudioEdit, _ recording: inout SessionRecording, _ session: String, _ unwritten: UnwrittenRecords?
    ) throws {
        if case .silence = edit, recording.file == nil { return }
        let file = try recording.file ?? newFile(session, recording.timeline)
        recording.file = file
        switch edit {
        case .write(let samples, let side, let frame):
            guard frame + samples.count <= file.limit else { return countUnwritten(file.path, unwritten) }
            try file.write(samples, to: side.channel, at: frame)
        case .silence(let side, let range): try file.silence(side.channel, range)
        case .extend(let frame):
            guard frame <= file.limit else { return countUnwritten(file.path, unwritten) }
            try file.extend(to: frame)
        }
    }

    private func newFile(_ session: String, _ timeline: AudioTimeline) throws -> StereoFile {
        let path = output.path(session: session, now: clock.wallTime)
        var comment =
            "Left: the user; right: the assistant. The alignment is an estimate: an answer begins when it arrived or when the one "
            + "before it ended."
        if let begin = timeline.begin, begin > 0 {
            comment += " The file begins \(Int(min(begin * 1000, 1e15).rounded())) ms after the session's source."
        }
        return try StereoFile(path: path, comment: comment)
    }

    private func countUnwritten(_ path: String, _ unwritten: UnwrittenRecords?) {
        unwritten?.add(FileFailure(path: path, reason: "a WAV file holds no more than 12 hours"))
    }
}

extension AudioEdit.Side {
    fileprivate var channel: StereoFile.Channel { self == .user ? .left : .right }
}

/// The files that match a path with `{session}`.
private struct AudioFiles: RecordKeeper {
    let template: String

    /// Removes a session's files.
    func forget(session: String) throws -> Int {
        try FilePattern(template, of: SessionFamily(session), beginnings: ["RIFF"]).remove()
    }

    /// Removes the files that have not been written to since a time.
    func forget(before time: Double) throws -> Int {
        try FilePattern(template, beginnings: ["RIFF"]).remove(unwrittenSince: time)
    }
}
