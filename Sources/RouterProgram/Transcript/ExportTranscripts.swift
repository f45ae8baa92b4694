import ArgumentParser
import RealtimeRouter

/// All of it, for another program.
struct ExportTranscripts: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes transcripts out of the database, in any of the forms of a transcript.",
        discussion: """
            Example: realtime-router transcript export call-17 --format vtt > call-17.vtt
            """)

    @Argument(help: ArgumentHelp("The sessions' keys; all sessions when none is given.", valueName: "session"))
    var sessions: [String] = []

    @OptionGroup var archive: ArchiveOptions

    @Option(help: "The form: jsonl, text, markdown, vtt or srt.")
    var format = TranscriptFormatArgument(format: .jsonl)

    func run(_ handlers: HandlerRegistry) async throws {
        let archive = try archive.archive(handlers)
        let format = format.format
        let keys = try sessions.isEmpty ? ArchiveOptions.reading { try archive.sessions().map(\.key) } : sessions
        if !format.header.isEmpty { Terminal.print(format.header) }
        for key in keys {
            let records = try ArchiveOptions.reading { try archive.records(of: key) }
            guard !records.isEmpty || sessions.isEmpty else {
                throw ProgramEnding.unusable("there is no session \(quoted(key)) in \(archive.path)")
            }
            for line in format.lines(of: records) { Terminal.print(line) }
        }
        if keys.isEmpty { throw ProgramEnding.no }
    }
}
