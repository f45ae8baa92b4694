import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `transcript`.
    ///
    /// Options: `output` (required): a path with `{session}` and `{date}`, or `-` for standard output. `format`: a
    /// ``TranscriptFormat``, `console` or `sqlite`; default `jsonl`. `include`: a list of `TranscriptInclusion`.
    /// `max_size`: the maximum size of a file; default: unlimited.
    ///
    /// - Parameter store: creates the sink for `format: sqlite`; nil if the program has no database.
    ///   `registerTranscriptStore()` of the product `TranscriptStore` passes its own.
    public mutating func registerTranscripts(store: TranscriptStoreFactory? = nil) {
        register(
            "transcript",
            "Writes every utterance of both sides, in conversation order, as text, JSON, captions or to a database.",
            options: [
                TranscriptKeys.output, TranscriptKeys.format, TranscriptKeys.include, TranscriptKeys.maximumSize,
            ]
        ) { options in
            TranscriptOptions(&options).flatMap { $0.handler(&options, store) }
        }
    }
}

extension HandlerRegistry {
    /// Creates the sink that stores transcripts in a database at a path.
    public typealias TranscriptStoreFactory =
        @Sendable (_ path: String, _ clock: any RouterClock) ->
        any TranscriptSink & TranscriptArchive
}

/// The option keys of a handler of type `transcript`.
enum TranscriptKeys {
    /// The values of `format`: every ``TranscriptFormat``, the console and the database.
    enum Format: String, CaseIterable, Sendable {
        case jsonl, text, markdown, vtt, srt, console, sqlite
    }

    static let output = SectionKey.string(
        "output",
        "The file to write to. `{session}` in it makes one file per session, `{date}` one per day; `-` is standard output. A database is one file for all sessions."
    ).required()
    static let format = SectionKey<Format?>.choice(
        "format",
        "The format of the file. `sqlite` is a database that `realtime-router transcript search WORDS` can search; "
            + "`console` shows words on a terminal as they arrive; if the output is not a terminal, it is the same as `text`."
    ).defaulting(to: .jsonl)
    static let include = SectionKey<Set<TranscriptInclusion>>.choices(
        "include",
        "What the transcript contains in addition to the conversation: `out_of_band` is what the model says to the program and the user does not hear."
    )
    static let maximumSize = SectionKey.byteSize(
        "max_size", in: 1024...Int.max,
        "The size at which a file is renamed to `FILE.1`, `FILE.2`, … and a new one is started.")
}

/// The options of a handler of type `transcript`.
struct TranscriptOptions {
    private let outputNode: Node
    private let output: String
    private let format: TranscriptKeys.Format
    private let maximumSize: Int?
    private let inclusions: Set<TranscriptInclusion>

    /// Reads the options; returns nil after reporting errors in them.
    init?(_ options: inout HandlerOptions) {
        let outputNode = options.section.node(TranscriptKeys.output.name)
        let isStream = outputNode?.string == "-"
        format = options.read(TranscriptKeys.format)
        maximumSize = options.read(TranscriptKeys.maximumSize)
        inclusions = options.read(TranscriptKeys.include)
        // A database must not claim standard output, or another handler that uses it would be reported as a conflict.
        let output = format == .sqlite && isStream ? outputNode?.string : options.outputPath(TranscriptKeys.output)
        guard let outputNode, let output else { return nil }
        (self.outputNode, self.output) = (outputNode, output)
        guard format != .sqlite else {
            if !isValidDatabase(&options, isStream) { return nil }
            return
        }
        if format == .console, maximumSize != nil {
            options.section.error(
                "`max_size` does not apply to `console`",
                at: TranscriptKeys.maximumSize.name, help: "remove `max_size`, or write `format: text`")
            return nil
        }
        if OutputPath.hasOddBraces(outputNode.string ?? "") {
            // The message does not quote the path: it may contain a variable's value.
            options.diagnostics.error(
                "`output` has unknown text in braces", at: outputNode,
                help: "`{session}` is replaced by the session's key, `{date}` by the day")
            return nil
        }
    }

    /// Whether the options fit a database. Reports errors.
    private func isValidDatabase(_ options: inout HandlerOptions, _ isStream: Bool) -> Bool {
        if isStream {
            options.diagnostics.error(
                "a database is a file, and `-` is standard output", at: outputNode,
                help: "write `output: transcripts.db`")
            return false
        }
        if !OutputPath(template: output).isFixed || OutputPath.hasOddBraces(output) {
            options.diagnostics.error(
                "a database holds all sessions and days, so its path has no braces", at: outputNode,
                help: "write `output: transcripts.db`")
            return false
        }
        if maximumSize != nil {
            options.section.error(
                "`max_size` does not apply to a database", at: TranscriptKeys.maximumSize.name,
                help: "remove `max_size`")
            return false
        }
        return true
    }

    /// Creates the handler for these options.
    func handler(
        _ options: inout HandlerOptions, _ store: HandlerRegistry.TranscriptStoreFactory?
    ) -> (any EventHandler)? {
        if let format = TranscriptFormat(rawValue: format.rawValue) {
            return TranscriptHandler(
                TranscriptFile(
                    path: output, format: format, maximumSize: maximumSize ?? .max, clock: options.clock),
                including: inclusions)
        }
        if format == .console {
            return TranscriptHandler(LiveCaptions(path: output, clock: options.clock), including: inclusions)
        }
        if let store { return TranscriptHandler(store(output, options.clock), including: inclusions) }
        let message = "this program has no database for transcripts"
        let help =
            "in its Package.swift name the product TranscriptStore, in its code call `registry.registerTranscriptStore()`"
        let node = options.section.node(TranscriptKeys.format.name) ?? outputNode
        guard options.context.startsHandlers else {
            options.diagnostics.warning(message, at: node, help: help)
            return TranscriptHandler(ClosureTranscriptSink { _, _, _ in })
        }
        options.diagnostics.error(message, at: node, help: help)
        return nil
    }
}
