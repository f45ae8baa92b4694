import ArgumentParser
import RealtimeRouter

/// The options of every command that runs sessions through the rules to the handlers.
package struct RunOptions: ParsableArguments {
    @OptionGroup var routes: RoutesOption

    @OptionGroup var recordOptions: RecordOptions

    @Option(help: "The summary at the end: text or json.")
    var summary: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "Where the story of every delivery goes, a line each; - for standard output.", valueName: "file"))
    var log: String?

    @Flag(help: "Match and count only: start no handler, deliver nothing.")
    var dryRun = false

    @OptionGroup var labelOptions: LabelOptions

    /// No options.
    package init() {}

    /// The options that want standard output for themselves; handlers and the text summary then go to standard error.
    func standardOutputTakers(outbound: String?) -> [String] {
        let all = [("--outbound -", outbound == "-"), ("--log -", log == "-"), ("--summary json", summary == .json)]
        return all.filter(\.1).map(\.0)
    }

    /// Makes sure that only one option wants standard output.
    func checkStandardOutput(outbound: String?) throws {
        let takers = standardOutputTakers(outbound: outbound)
        guard takers.count > 1 else { return }
        throw ValidationError("\(takers[0]) and \(takers[1]) both want standard output: give one of them a file")
    }
}

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
