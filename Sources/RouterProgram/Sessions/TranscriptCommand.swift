import ArgumentParser
import RealtimeRouter

/// `transcript`: searches, shows and exports the transcripts in a database.
struct TranscriptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcript",
        abstract: "Searches, shows and exports the transcripts in a transcript handler's database.",
        discussion: """
            Example: realtime-router transcript search refund order

            By default, the database is the one that routes.yml names:

              handlers:
                transcript: { type: transcript, format: sqlite, output: transcripts.db }
            """,
        subcommands: [SearchTranscripts.self, ShowTranscript.self, ExportTranscripts.self])
}

/// `transcript search`: finds utterances by words.
struct SearchTranscripts: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Finds utterances that contain the given words, latest first.",
        discussion: """
            Example: realtime-router transcript search 'refund*' 'last order'

            An utterance must contain all the words; case and accents are ignored. `refund*` matches every word that begins \
            with `refund`. Several words in one argument must follow each other.

            The exit code is 0 if an utterance was found, 1 if none was, and 2 if the database cannot be read.
            """)

    @Argument(help: "The words to find.")
    var words: [String]

    @OptionGroup var archive: ArchiveOptions

    @Option(help: ArgumentHelp("Search only the session with this key.", valueName: "key"))
    var session: String?

    @Option(help: "The maximum number of utterances to print.")
    var limit = 20

    @Option(help: "The output format: text, or json with one transcript record per line.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000") }
        guard SearchQuery(words) != nil else {
            throw ValidationError("there is no word to look for: give letters or digits")
        }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        guard let words = SearchQuery(words) else { return }
        // One more than the limit, to find out whether there are more.
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
        if matches.isEmpty { throw ProgramExit.negative }
    }

    /// `call-17  0:14.0  caller  I'd like a refund for my last order.`, with the matching words in colour.
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

/// `transcript show`: prints a session's transcript, or lists the sessions.
struct ShowTranscript: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints the transcript of a session, or lists the sessions.",
        discussion: """
            Example: realtime-router transcript show call-17
            """)

    @Argument(help: "The session's key. Without it, the command lists the sessions.")
    var session: String?

    @OptionGroup var archive: ArchiveOptions

    func run(_ handlers: HandlerRegistry) async throws {
        let archive = try archive.archive(handlers)
        guard let session else {
            let sessions = try ArchiveOptions.reading { try archive.sessions() }
            for session in sessions { Terminal.print(Self.text(session)) }
            if sessions.isEmpty { throw ProgramExit.negative }
            return
        }
        let records = try ArchiveOptions.reading { try archive.records(of: session) }
        guard !records.isEmpty else {
            Terminal.error(
                "there is no session \(quoted(session)) in \(archive.path); without a session, `show` lists them")
            throw ProgramExit.negative
        }
        for line in TranscriptFormat.text.lines(of: records) { Terminal.print(line) }
    }

    private static func text(_ session: ArchivedSession) -> String {
        let count = "\(session.utterances) utterance\(session.utterances == 1 ? "" : "s")"
        return [Timestamp(unix: session.recordedAt).description, PrintableText(session.key).description, count]
            .joined(separator: "  ")
    }
}

/// `transcript export`: writes transcripts in a file format.
struct ExportTranscripts: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints transcripts from the database in a chosen format.",
        discussion: """
            Example: realtime-router transcript export call-17 --format vtt > call-17.vtt
            """)

    @Argument(help: ArgumentHelp("The sessions' keys. Without keys, all sessions.", valueName: "session"))
    var sessions: [String] = []

    @OptionGroup var archive: ArchiveOptions

    @Option(help: "The output format: \(TranscriptFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format = TranscriptFormatArgument(format: .jsonl)

    func run(_ handlers: HandlerRegistry) async throws {
        let archive = try archive.archive(handlers)
        let format = format.format
        let keys = try sessions.isEmpty ? ArchiveOptions.reading { try archive.sessions().map(\.key) } : sessions
        if !format.header.isEmpty { Terminal.print(format.header) }
        for key in keys {
            let records = try ArchiveOptions.reading { try archive.records(of: key) }
            guard !records.isEmpty || sessions.isEmpty else {
                throw ProgramExit.unusable("there is no session \(quoted(key)) in \(archive.path)")
            }
            for line in format.lines(of: records) { Terminal.print(line) }
        }
        if keys.isEmpty { throw ProgramExit.negative }
    }
}

/// The options that name the transcript database.
struct ArchiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The database. By default, the one that routes.yml names.", valueName: "file"))
    var database: String?

    @OptionGroup var routes: RoutesOption

    /// Opens the database of the options, or the one database that the `transcript` handlers in routes.yml use.
    ///
    /// - Throws: `ProgramExit` with exit code 2 if there is no database, or more than one.
    func archive(_ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        if let database { return try Self.archive(at: database, handlers) }
        let found = try Routes.loadForReading(routes.path, handlers).table.handlers.compactMap { binding in
            ((binding.handler as? TranscriptHandler)?.sink as? any TranscriptArchive).map { (binding.name, $0) }
        }
        guard let (_, archive) = found.first else {
            throw ProgramExit.unusable(
                """
                no handler in \(routes.path) keeps transcripts in a database
                   help: give one `format: sqlite`, or say `--database FILE`
                """)
        }
        guard Set(found.map(\.1.path)).count == 1 else {
            let names = found.map { quoted($0.0) }.joined(separator: ", ")
            throw ProgramExit.unusable(
                "several handlers in \(routes.path) keep transcripts in a database: \(names)\n   help: say which with `--database FILE`"
            )
        }
        return archive
    }

    /// Opens a database file through this program's `transcript` handler type.
    private static func archive(at path: String, _ handlers: HandlerRegistry) throws -> any TranscriptArchive {
        let diagnostics = Diagnostics()
        let node: Node = ["output": .string(path), "format": "sqlite"]
        let handler = Section(node, what: "the database", diagnostics).flatMap { section in
            var options = HandlerOptions(name: "transcript", section: section)
            return handlers.factory("transcript")?(&options)
        }
        if let archive = (handler as? TranscriptHandler)?.sink as? any TranscriptArchive { return archive }
        let problem = diagnostics.items.first
        throw ProgramExit.unusable(
            (problem?.message ?? "this program has no handler type `transcript`")
                + (problem?.help.map { "\n   help: \($0)" } ?? ""))
    }

    /// Runs a query, and turns its error into a `ProgramExit` with exit code 2.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let ending as ProgramExit { throw ending } catch {
            throw ProgramExit.unusable("\(error)")
        }
    }
}
