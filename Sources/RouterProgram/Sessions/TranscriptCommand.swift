import ArgumentParser
import RealtimeRouter

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

/// Who said that?
struct SearchTranscripts: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Finds utterances by their words, the latest first.",
        discussion: """
            Example: realtime-router transcript search 'refund*' 'last order'

            All words have to be in one utterance; case and accents do not count. A word with \
            a star finds longer ones too, words in one argument have to follow each other.

            The exit code is 0 when something was found, 1 when nothing was, 2 when the database cannot be used.
            """)

    @Argument(help: "The words.")
    var words: [String]

    @OptionGroup var archive: ArchiveOptions

    @Option(help: ArgumentHelp("The only session to look in, by its key.", valueName: "key"))
    var session: String?

    @Option(help: "How many utterances are shown.")
    var limit = 20

    @Option(help: "How they are shown: text, or json: a line each as in a transcript.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000") }
        guard SearchWords(words) != nil else {
            throw ValidationError("there is no word to look for: give letters or digits")
        }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        guard let words = SearchWords(words) else { return }
        // One more, to find out whether there are more.
        let archive = try archive.archive(handlers)
        let matches = try ArchiveOptions.reading { try archive.search(words, in: session, limit: limit + 1) }
        switch format {
        case .text:
            for match in matches.prefix(limit) { Terminal.write(unescaped: Array(Self.text(match).utf8) + [0x0A]) }
        case .json:
            for match in matches.prefix(limit) {
                for line in TranscriptFormat.jsonl.lines(of: [match.record]) { Terminal.print(line) }
            }
        }
        if matches.count > limit { Terminal.warning("there are more than \(limit); `--limit` shows more of them") }
        if matches.isEmpty { throw ProgramEnding.no }
    }

    /// `call-17  0:14.0  caller  I'd like a refund for my last order.`, with the words that were found in colour.
    private static func text(_ match: ArchivedMatch) -> String {
        let record = match.record
        let mark = Terminal.hasColours ? ("\u{1B}[1;33m", "\u{1B}[0m") : ("", "")
        let words = match.excerpt.map { stretch in
            let text = PrintableText(stretch.text).description
            return stretch.isFound ? mark.0 + text + mark.1 : text
        }
        return [PrintableText(record.session).description, record.reading ?? "-", record.speaker, words.joined()]
            .joined(separator: "  ")
    }
}

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

/// Where the transcripts lie.
struct ArchiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The database; by default the one that routes.yml names.", valueName: "file"))
    var database: String?

    @OptionGroup var routes: RoutesOption

    /// The archive, made by the handler type `transcript` of a program.
    ///
    /// - Throws: `ProgramEnding` with exit code 2 when there is none.
    func archive(_ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        if let database { return try Self.archive(at: database, handlers) }
        let found = try Routes.loadForReading(routes.path, handlers).table.handlers.compactMap { binding in
            ((binding.handler as? TranscriptHandler)?.sink as? any TranscriptArchive).map { (binding.name, $0) }
        }
        guard let (_, archive) = found.first else {
            throw ProgramEnding.unusable(
                """
                no handler in \(routes.path) keeps transcripts in a database
                   help: give one `format: sqlite`, or say `--database FILE`
                """)
        }
        guard Set(found.map(\.1.path)).count == 1 else {
            let names = found.map { quoted($0.0) }.joined(separator: ", ")
            throw ProgramEnding.unusable(
                "several handlers in \(routes.path) keep transcripts in a database: \(names)\n   help: say which with `--database FILE`"
            )
        }
        return archive
    }

    /// The archive that a handler of this program makes of a file.
    private static func archive(at path: String, _ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        let diagnostics = Diagnostics()
        let node: Node = ["output": .string(path), "format": "sqlite"]
        let handler = Section(node, what: "the database", diagnostics).flatMap { section in
            var options = HandlerOptions(name: "transcript", section: section)
            return handlers.factory("transcript")?(&options)
        }
        if let archive = (handler as? TranscriptHandler)?.sink as? any TranscriptArchive { return archive }
        let problem = diagnostics.items.first
        throw ProgramEnding.unusable(
            (problem?.message ?? "this program has no handler type `transcript`")
                + (problem?.help.map { "\n   help: \($0)" } ?? ""))
    }

    /// What an archive says, or why it cannot be read.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let ending as ProgramEnding { throw ending } catch {
            throw ProgramEnding.unusable("\(error)")
        }
    }
}
