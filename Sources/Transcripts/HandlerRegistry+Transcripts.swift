import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `transcript`.
    ///
    /// Options: `output` (a path with `{session}` and `{date}`, or `-` for standard output; required), `format` (see
    /// ``TranscriptFormat``; `jsonl` by default) and `max_size` (how large a file may become; without end by default).
    public mutating func registerTranscripts() {
        register(
            "transcript", "Every utterance, both sides, in the order of the conversation, as text, JSON or captions.",
            options: [TranscriptKeys.output, TranscriptKeys.format, TranscriptKeys.maximumSize]
        ) { options in
            let written = options.section.node(TranscriptKeys.output.name)
            let output = options.outputPath(TranscriptKeys.output)
            let format = options.read(TranscriptKeys.format)
            let maximumSize = options.read(TranscriptKeys.maximumSize) ?? .max
            guard let written, let output else { return nil }
            if OutputPath.hasOddBraces(written.string ?? "") {
                // Without the text, for it may hold a variable's value.
                options.diagnostics.error(
                    "`output` has braces that stand for nothing", at: written,
                    help: "`{session}` and `{date}` stand for the session's key and the day")
                return nil
            }
            return TranscriptHandler(
                TranscriptFile(path: output, format: format, maximumSize: maximumSize, clock: options.clock))
        }
    }
}

/// The options of a handler of type `transcript`.
private enum TranscriptKeys {
    static let output = SectionKey.string(
        "output", "The file to write to, with `{session}` and `{date}` for one each; `-` is standard output."
    ).required()
    static let format = SectionKey<TranscriptFormat?>.choice("format", "The form of the file.").defaulting(to: .jsonl)
    static let maximumSize = SectionKey.byteSize(
        "max_size", in: 1024...Int.max,
        "How large a file may become before it is renamed to `FILE.1`, `FILE.2`, … and a new one begun.")
}
