import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `transcript`.
    ///
    /// Options: `output` (a path with `{session}` and `{date}`, or `-` for standard output; required), `format` (a
    /// ``TranscriptFormat``, `console` or `sqlite`; `jsonl` by default), `include` (a list of `TranscriptInclusion`) and `max_size` (how large a file may become; without end by default).
    ///
    /// - Parameter store: what `format: sqlite` makes; nil where the program has no database. The product `TranscriptStore` has
    ///   `registerTranscriptStore()`, which gives its own.
    public mutating func registerTranscripts(store: TranscriptStoreFactory? = nil) {
        register(
            "transcript",
            "Every utterance, both sides, in the order of the conversation, as text, JSON, captions or a database.",
            options: [
                TranscriptKeys.output, TranscriptKeys.format, TranscriptKeys.include, TranscriptKeys.maximumSize,
            ]
        ) { options in
            TranscriptOptions(&options).flatMap { $0.handler(&options, store) }
        }
    }
}

extension HandlerRegistry {
    /// Makes the sink that keeps transcripts in a database at a path.
    public typealias TranscriptStoreFactory =
        @Sendable (_ path: String, _ clock: any RouterClock) ->
        any TranscriptSink & TranscriptArchive
}

/// The options of a handler of type `transcript`.
enum TranscriptKeys {
    /// What a transcript can become.
    enum Form: String, CaseIterable, Sendable {
        case jsonl, text, markdown, vtt, srt, console, sqlite
    }

    static let output = SectionKey.string(
        "output",
        "The file to write to, with `{session}` and `{date}` for one each; `-` is standard output. A database is one file for all."
    ).required()
    static let format = SectionKey<Form?>.choice(
        "format",
        "The form of the file. `sqlite` is a database in which `realtime-router transcript search WORDS` finds what was said; "
            + "`console` shows words on a terminal while they arrive, and is `text` elsewhere."
    ).defaulting(to: .jsonl)
    static let include = SectionKey<Set<TranscriptInclusion>>.choices(
        "include",
        "What the transcript has beside the conversation: `out_of_band` is what the model says for the program, and nobody hears."
    )
    static let maximumSize = SectionKey.byteSize(
        "max_size", in: 1024...Int.max,
        "How large a file may become before it is renamed to `FILE.1`, `FILE.2`, … and a new one begun.")
}

/// What was said of a handler of type `transcript`.
struct TranscriptOptions {
    private let written: Node
    private let output: String
    private let form: TranscriptKeys.Form
    private let maximumSize: Int?
    private let inclusions: Set<TranscriptInclusion>

    /// Reads the options; reports what is wrong with them and gives `nil`.
    init?(_ options: inout HandlerOptions) {
        let written = options.section.node(TranscriptKeys.output.name)
        let isStream = written?.string == "-"
        form = options.read(TranscriptKeys.format)
        maximumSize = options.read(TranscriptKeys.maximumSize)
        inclusions = options.read(TranscriptKeys.include)
        // A database that names standard output must not make others believe that it is taken.
        let output = form == .sqlite && isStream ? written?.string : options.outputPath(TranscriptKeys.output)
        guard let written, let output else { return nil }
        (self.written, self.output) = (written, output)
        guard form != .sqlite else {
            if !checksDatabase(&options, isStream) { return nil }
            return
        }
        if form == .console, maximumSize != nil {
            options.section.error(
                "`max_size` is for transcripts that are kept, and `console` is to be looked at",
                at: TranscriptKeys.maximumSize.name, help: "remove `max_size`, or write `format: text`")
            return nil
        }
        if OutputPath.hasOddBraces(written.string ?? "") {
            // Without the text, for it may hold a variable's value.
            options.diagnostics.error(
                "`output` has braces that stand for nothing", at: written,
                help: "`{session}` and `{date}` stand for the session's key and the day")
            return nil
        }
    }

    /// Whether a database can be kept so.
    private func checksDatabase(_ options: inout HandlerOptions, _ isStream: Bool) -> Bool {
        if isStream {
            options.diagnostics.error(
                "a database is a file, and `-` is standard output", at: written, help: "write `output: transcripts.db`")
            return false
        }
        if !OutputPath(template: output).isFixed || OutputPath.hasOddBraces(output) {
            options.diagnostics.error(
                "a database holds all sessions and days, so its path has no braces", at: written,
                help: "write `output: transcripts.db`")
            return false
        }
        if maximumSize != nil {
            options.section.error(
                "`max_size` is for files of text, and a database is none", at: TranscriptKeys.maximumSize.name,
                help: "remove `max_size`")
            return false
        }
        return true
    }

    /// The handler of these options.
    func handler(
        _ options: inout HandlerOptions, _ store: HandlerRegistry.TranscriptStoreFactory?
    ) -> (any EventHandler)? {
        if let format = TranscriptFormat(rawValue: form.rawValue) {
            return TranscriptHandler(
                TranscriptFile(
                    path: output, format: format, maximumSize: maximumSize ?? .max, clock: options.clock),
                including: inclusions)
        }
        if form == .console {
            return TranscriptHandler(LiveCaptions(path: output, clock: options.clock), including: inclusions)
        }
        if let store { return TranscriptHandler(store(output, options.clock), including: inclusions) }
        let message = "this program has no database for transcripts"
        let help =
            "in its Package.swift name the product TranscriptStore, in its code call `registry.registerTranscriptStore()`"
        let place = options.section.node(TranscriptKeys.format.name) ?? written
        guard options.surroundings.startsHandlers else {
            options.diagnostics.warning(message, at: place, help: help)
            return TranscriptHandler(ClosureTranscriptSink { _, _, _ in })
        }
        options.diagnostics.error(message, at: place, help: help)
        return nil
    }
}
