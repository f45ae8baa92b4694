import ArgumentParser
import RealtimeRouter

/// Whether and where a run is recorded.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where a recording of both directions goes; {session} is the session's key. An earlier file is renamed.",
            valueName: "file"))
    var record: String?

    @Flag(help: "Record the audio too, not only how long it is.")
    var recordAudio = false

    func validate() throws {
        if recordAudio, record == nil { throw ValidationError("--record-audio goes with --record") }
        if record == "-" { throw ValidationError("--record needs a file: standard output cannot be forgotten") }
    }

    /// Begins the recording, if there is to be one; what is older than records are kept is removed.
    func open(session: String, keep: Duration?) throws -> RecordingFile? {
        guard let record else { return nil }
        if let keep {
            _ = try RecordingKeeper(path: record).forget(before: SystemClock().wallTime - keep.seconds)
        }
        return try RecordingFile(
            path: record, session: session, keepsAudio: recordAudio, router: ProgramVersion.number)
    }
}
