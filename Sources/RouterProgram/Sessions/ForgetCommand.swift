import ArgumentParser
import RealtimeRouter

/// Nothing of this session is to be left.
struct ForgetCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Takes a session out of everything that a routes.yml had written.",
        discussion: """
            Example: realtime-router forget --session call-17

            Transcripts, journals of calls and dead letters forget it: lines of JSON are \
            written over in place, files of one session removed, databases cleared. The recordings of its \
            sources, and those that --record names, are removed. Routers may write meanwhile. What else was made of the \
            session is not known here: other recordings, what commands did with it, files of \
            --outbound and --log.

            The exit code is 0 when there was something, 1 when there was nothing, 2 when something could not be \
            forgotten, 3 when its disk did not take that.
            """)

    @Option(help: ArgumentHelp("The session's key; may be given several times.", valueName: "key"))
    var session: [String]

    @OptionGroup var routes: RoutesOption

    @Option(
        help: ArgumentHelp(
            "Recordings, as run was given them: {session} stands for any; may be given several times.",
            valueName: "file"))
    var record: [String] = []

    func run(_ handlers: HandlerRegistry) async throws {
        let recordings = record.map {
            (name: "recordings \($0)", records: RecordingKeeper(path: $0) as any RecordKeeper)
        }
        let kept = try Routes.loadForReading(routes.path, handlers).records + recordings
        var total = 0
        var failure: ProgramEnding?
        for (name, records) in kept {
            do {
                let count = try session.reduce(0) { try $0 + records.forget(session: $1) }
                total += count
                if count > 0 { Terminal.print("\(name.printable): \(count) forgotten") }
            } catch {
                Terminal.error("\(name.printable): \(error)")
                let ending = ProgramEnding.of(error, message: nil)
                if failure?.code != ProgramEnding.unusable().code { failure = ending }
            }
        }
        if let failure { throw failure }
        if total == 0 { throw ProgramEnding.no }
    }
}
