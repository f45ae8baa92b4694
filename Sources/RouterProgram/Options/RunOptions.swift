import ArgumentParser
import RealtimeRouter

/// The options that all commands which route sessions to handlers share.
package struct RunOptions: ParsableArguments {
    @OptionGroup var routes: RoutesOption

    @OptionGroup var recordOptions: RecordOptions

    @Option(help: "The format of the summary at the end: text or json.")
    var summary: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "The file for the log of deliveries, one per line; - for standard output.", valueName: "file"))
    var log: String?

    @Flag(help: "Only match and count events. Start no handler and deliver nothing.")
    var dryRun = false

    @OptionGroup var labelOptions: LabelOptions

    /// No options.
    package init() {}

    /// The given options that use standard output. If there is one, handlers and the text summary write to standard
    /// error.
    func standardOutputUsers(outbound: String?) -> [String] {
        let all = [("--outbound -", outbound == "-"), ("--log -", log == "-"), ("--summary json", summary == .json)]
        return all.filter(\.1).map(\.0)
    }

    /// Checks that at most one option uses standard output.
    ///
    /// - Throws: `ValidationError` if two options use it.
    func checkStandardOutput(outbound: String?) throws {
        let users = standardOutputUsers(outbound: outbound)
        guard users.count > 1 else { return }
        throw ValidationError("\(users[0]) and \(users[1]) both use standard output: give one of them a file")
    }
}

/// The options for recording a run.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file for a recording of both directions; {session} is the session's key. Without {session}, all sessions share "
                + "one file. An existing file is renamed.",
            valueName: "file"))
    var record: String?

    @Flag(help: "Record the audio itself, not only its duration.")
    var recordAudio = false

    func validate() throws {
        if recordAudio, record == nil { throw ValidationError("--record-audio goes with --record") }
        if record == "-" {
            throw ValidationError("--record needs a file, because `forget` cannot erase standard output")
        }
    }

    /// Removes the recordings that are older than the retention period.
    func forgetOld(keep: Duration?) throws {
        guard let record, let keep else { return }
        _ = try RecordingKeeper(path: record).forget(before: SystemClock().wallTime - keep.seconds)
    }

    /// The recording files for the run's sessions; nil without `--record`.
    var recordings: RecordingFiles? {
        record.map { RecordingFiles(path: $0, keepsAudio: recordAudio, router: RouterVersion.number) }
    }
}
