import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `transcript`.
    ///
    /// Options: `output` (a path, or `-` for standard output; required) and `format` (`jsonl`, the default).
    public mutating func registerTranscripts() {
        register(
            "transcript", "A line of JSON for each utterance, both sides, in the order of the conversation.",
            options: [TranscriptKeys.output, TranscriptKeys.format]
        ) { options in
            let output = options.outputPath(TranscriptKeys.output)
            _ = options.read(TranscriptKeys.format)
            guard let output else { return nil }
            return TranscriptHandler(TranscriptFile(path: output, clock: options.clock))
        }
    }
}

/// The options of a handler of type `transcript`.
private enum TranscriptKeys {
    /// The forms in which a transcript can be written.
    enum Format: String, CaseIterable {
        case jsonl
    }

    static let output = SectionKey.string("output", "The file to write to; `-` is standard output.").required()
    static let format = SectionKey<Format?>.choice("format", "The form of the file.").defaulting(to: .jsonl)
}
