import ArgumentParser
import RealtimeRouter

/// What was said in this session?
struct ShowTranscript: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the transcript of a session, or which sessions there are.",
        discussion: """
            Example: realtime-router transcript show call-17
            """)

    @Argument(help: "The session's key; without it the sessions are listed.")
    var session: String?

    @OptionGroup var archive: ArchiveOptions

    func run(_ handlers: HandlerRegistry) async throws {
        let archive = try archive.archive(handlers)
        guard let session else {
            let sessions = try ArchiveOptions.reading { try archive.sessions() }
            for session in sessions { Terminal.print(Self.text(session)) }
            if sessions.isEmpty { throw ProgramEnding.no }
            return
        }
        let records = try ArchiveOptions.reading { try archive.records(of: session) }
        guard !records.isEmpty else {
            Terminal.error(
                "there is no session \(quoted(session)) in \(archive.path); without a session, `show` lists them")
            throw ProgramEnding.no
        }
        for line in TranscriptFormat.text.lines(of: records) { Terminal.print(line) }
    }

    private static func text(_ session: ArchivedSession) -> String {
        let count = "\(session.utterances) utterance\(session.utterances == 1 ? "" : "s")"
        return [Timestamp(unix: session.recordedAt).description, PrintableText(session.key).description, count]
            .joined(separator: "  ")
    }
}
