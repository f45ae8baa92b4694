import ArgumentParser
import RealtimeRouter

/// Whether and where a run is recorded.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where a recording of both directions goes; {session} is the session's key. Without it all sessions have one file. "
                + "An earlier file is renamed.",
            valueName: "file"))
    var record: String?

    @Flag(help: "Record the audio too, not only how long it is.")
    var recordAudio = false

    func validate() throws {
        if recordAudio, record == nil { throw ValidationError("--record-audio goes with --record") }
        if record == "-" { throw ValidationError("--record needs a file: standard output cannot be forgotten") }
    }

    /// Removes recordings that are older than records are kept.
    func forgetOld(keep: Duration?) throws {
        guard let record, let keep else { return }
        _ = try RecordingKeeper(path: record).forget(before: SystemClock().wallTime - keep.seconds)
    }

    /// The recordings of a run's sessions, if there are to be some.
    var recordings: RecordingFiles? {
        record.map { RecordingFiles(path: $0, keepsAudio: recordAudio, router: ProgramVersion.number) }
    }
}
