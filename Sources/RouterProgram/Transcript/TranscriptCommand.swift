import ArgumentParser

/// What was said in all those sessions?
struct TranscriptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcript", abstract: "Finds and shows what was said, in the database of a transcript handler.",
        discussion: """
            Example: realtime-router transcript search refund order

            The database is the one that routes.yml names:

              handlers:
                transcript: { type: transcript, format: sqlite, output: transcripts.db }
            """,
        subcommands: [SearchTranscripts.self, ShowTranscript.self, ExportTranscripts.self])
}
