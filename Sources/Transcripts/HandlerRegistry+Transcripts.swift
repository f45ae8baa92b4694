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
