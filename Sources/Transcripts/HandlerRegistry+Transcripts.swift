import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `transcript`.
    ///
    /// Options: `output` (a path, or `-` for standard output; required) and `format` (`jsonl`, the default).
    public mutating func registerTranscripts() {
        register("transcript") { options in
            let output = options.section.requiredString("output").map { options.surroundings.outputPath($0) }
            _ = options.section.choice("format", among: ["jsonl"])
            guard let output else { return nil }
            return TranscriptHandler(TranscriptFile(path: output, clock: options.clock))
        }
    }
}
