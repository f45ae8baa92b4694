import ArgumentParser
import RealtimeRouter

/// `forget`: erases a session's records.
struct ForgetCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Erases a session from the files and databases that a routes.yml names.",
        discussion: """
            Example: realtime-router forget --session call-17

            The session is erased from transcripts, call journals and dead letters: JSON lines are overwritten \
            in place, files that hold only this session are removed, and database rows are deleted. Its recordings are \
            removed: those of the sources, and those that --record names. Running routers may keep writing to these files. \
            Other copies remain: other recordings, the files of --outbound and --log, and whatever commands stored.

            The exit code is 0 if records were erased, 1 if there were none, 2 if some could not be erased, and 3 if the \
            disk refused to erase them.
            """)

    @Option(help: ArgumentHelp("The session's key. May be repeated.", valueName: "key"))
    var session: [String]

    @OptionGroup var routes: RoutesOption

    @Option(
        help: ArgumentHelp(
            "The value that `run --record` was given; {session} stands for any key. May be repeated.",
            valueName: "file"))
    var record: [String] = []

    func run(_ handlers: HandlerRegistry) async throws {
        let recordings = record.map {
            (name: "recordings \($0)", records: RecordingKeeper(path: $0) as any RecordKeeper)
        }
        let keepers = try Routes.loadForReading(routes.path, handlers).records + recordings
        var total = 0
        var failure: ProgramExit?
        for (name, records) in keepers {
            do {
                let count = try session.reduce(0) { try $0 + records.forget(session: $1) }
                total += count
                if count > 0 { Terminal.print("\(name.printable): \(count) forgotten") }
            } catch {
                Terminal.error("\(name.printable): \(error)")
                let ending = ProgramExit.of(error, message: nil)
                if failure?.code != ProgramExit.unusable().code { failure = ending }
            }
        }
        if let failure { throw failure }
        if total == 0 { throw ProgramExit.negative }
    }
}
