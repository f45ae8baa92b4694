import ArgumentParser
import RealtimeRouter

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
