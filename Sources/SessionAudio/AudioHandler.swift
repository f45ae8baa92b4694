public import EventRouter
import Synchronization

/// Writes the audio of each session as a WAV file of two channels at 24 kHz: the user left, the assistant right.
///
/// The user's side is what the client appended to the input buffer, the assistant's what the server sent of its answers. PCM of 16 bits is
/// written as it is, or at 24 kHz where the session has another rate; G.711 is decoded. Of audio that the source left out, and of which
/// only the length is known, there is silence.
///
/// The file begins with the session's first event. The user's audio stands at the time at which it came, and an answer begins when it
/// arrives or when the one before it ends, whichever is later; nobody reports when it was heard, so the alignment is an estimate, as a
/// comment in the file (`LIST`, `INFO`) says. Where an answer was truncated, its rest is silent; where it was cancelled and nobody says
/// how much of it was heard, what comes after that moment. An utterance of which a redactor replaced words is silent as a whole, on the
/// side that said it, once its words are known: audio of words that nobody writes down cannot be searched.
///
/// The sizes in the header are right whenever 64 KiB of audio were added, and at the end. A file holds 12 hours; what comes later is counted
/// as not written. Memory does not grow with a session's length.
public final class AudioHandler: ClientAudioHandling, EventSelecting, RecordKeeping, RecordWriter {
    private struct Track {
        var timeline: SessionTimeline
        var file: StereoFile?
        /// What could not be done yet.
        var edits: [AudioEdit] = []
        var lastUse = 0
    }

    private struct State {
        var tracks: [String: Track] = [:]
        var uses = 0
        var unwritten: UnwrittenRecords?
    }

    /// How many sessions are kept in mind, and so how many files are open at most.
    static let openSessions = 256
    /// As many samples wait for a disk that refuses: 40 seconds.
    private static let waitingSamples = 40 * SessionRate.standard

    private let output: OutputPath
    private let clock: any RouterClock
    private let state = Mutex(State())

    /// Makes the handler; files are begun when a session has audio.
    ///
    /// - Parameters:
    ///   - path: the file. `{session}` stands for the session's key as far as a name can have it, and must be there; `{date}` for the day
    ///     (UTC) on which the session's first audio came. A file that is there already is renamed to its path with `.1`, `.2`, …
    ///   - clock: the time to go by.
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

    /// The answers' audio, and what says where it belongs.
    public var interests: [EventType] { Self.types }

    /// The same.
    public var usableTypes: [EventType] { Self.types }

    /// The files.
    public var records: (any RecordKeeper)? { AudioFiles(template: output.template) }

    /// Takes the counts of audio that could not be written when its session ended, or for which a file has no room.
    public func reportUnwritten(to records: UnwrittenRecords) { state.withLock { $0.unwritten = records } }

    /// Writes what an event changes.
    ///
    /// - Throws: `FileFailure` if the disk refuses: what was to be written waits for the next event. `DeliveryFailure` for audio that cannot be
    ///   decoded.
    public func handle(_ delivery: EventDelivery) async throws {
        let session = delivery.session.key
        try state.withLock { state in
            if delivery.event.type.code == .routerSessionEnded {
                if let track = state.tracks.removeValue(forKey: session) { finish(track, session, state.unwritten) }
                return
            }
            state.uses += 1
            var track =
                state.tracks[session] ?? Track(timeline: SessionTimeline(begin: delivery.event.at))
            track.lastUse = state.uses
            defer { state.tracks[session] = track }
            // An attempt that failed has left its edits.
            if delivery.attempt == 1 {
                track.edits += try track.timeline.take(delivery.event, isOfClient: delivery.side == .client)
            }
            try perform(&track, session, state.unwritten)
        }
        state.withLock { if $0.tracks.count > Self.openSessions { finishOldest(&$0) } }
    }

    /// Ends the files.
    public func stop() async {
        state.withLock { state in
            for (session, track) in state.tracks.sorted(by: { $0.key < $1.key }) {
                finish(track, session, state.unwritten)
            }
            state.tracks = [:]
        }
    }

    private func finishOldest(_ state: inout State) {
        guard let oldest = state.tracks.min(by: { $0.value.lastUse < $1.value.lastUse })?.key,
            let track = state.tracks.removeValue(forKey: oldest)
        else { return }
        finish(track, oldest, state.unwritten)
    }

    private func finish(_ track: Track, _ session: String, _ unwritten: UnwrittenRecords?) {
        var track = track
        do {
            track.edits += track.timeline.finish()
            try perform(&track, session, unwritten)
            try track.file?.finish()
        } catch {
            unwritten?.add(error as? FileFailure ?? FileFailure(path: output.template, reason: "\(error)"))
        }
    }

    /// Does what is to be done, and begins the file with the first audio.
    private func perform(_ track: inout Track, _ session: String, _ unwritten: UnwrittenRecords?) throws {
        while let edit = track.edits.first {
            do {
                try perform(edit, &track, session, unwritten)
            } catch {
                while track.edits.count > 1, track.edits.reduce(0, { $0 + $1.size }) > Self.waitingSamples {
                    track.edits.removeFirst()
                }
                throw error
            }
            track.edits.removeFirst()
        }
    }

    private func perform(
        _ edit: AudioEdit, _ track: inout Track, _ session: String, _ unwritten: UnwrittenRecords?
    ) throws {
        if case .silence = edit, track.file == nil { return }
        let file = try track.file ?? newFile(session, track.timeline)
        track.file = file
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

    private func newFile(_ session: String, _ timeline: SessionTimeline) throws -> StereoFile {
        let path = output.path(session: session, now: clock.wallTime)
        var comment =
            "Left: the user; right: the assistant. The alignment is an estimate: an answer begins when it arrived or when the one "
            + "before it ended."
        if let begin = timeline.begin, begin > 0 {
            comment += " The file begins \(Int((begin * 1000).rounded())) ms after the session's source."
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

/// The files of a path with `{session}` in it.
private struct AudioFiles: RecordKeeper {
    let template: String

    /// Removes the files of a session.
    func forget(session: String) throws -> Int {
        try FilePattern(template, of: SessionFamily(session), beginnings: ["RIFF"]).remove()
    }

    /// Removes the files that nobody wrote to since a time.
    func forget(before time: Double) throws -> Int {
        try FilePattern(template, beginnings: ["RIFF"]).remove(unwrittenSince: time)
    }
}
