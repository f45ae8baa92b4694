import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `audio`.
    ///
    /// Options: `path` (required): the file of a session, with `{session}` and optionally `{date}`.
    public mutating func registerSessionAudio() {
        register(
            "audio", "Writes the audio as one WAV file per session: the user on the left, the assistant on the right.",
            options: [AudioKeys.path]
        ) { options in
            AudioKeys.readPath(&options).map { AudioHandler(path: $0, clock: options.clock) }
        }
    }
}

/// The options of a handler of type `audio`.
private enum AudioKeys {
    static let path = SectionKey.string(
        "path", "The WAV file of a session: `{session}` is replaced by its key, `{date}` by its day."
    ).required("write `path: audio/{session}.wav`")

    /// Reads the path. Reports an error and returns nil if sessions would share a file.
    static func readPath(_ options: inout HandlerOptions) -> String? {
        let written = options.section.node(path.name)
        guard let output = options.outputPath(path), let written else { return nil }
        // The messages do not quote the path: it may contain a variable's value.
        if OutputPath.hasOddBraces(written.string ?? "") {
            options.diagnostics.error(
                "`path` has unknown text in braces", at: written,
                help: "`{session}` is replaced by the session's key, `{date}` by the day")
            return nil
        }
        if !OutputPath(template: output).namesSession || output.hasSuffix("/") {
            options.diagnostics.error(
                "`path` must have `{session}` in the file's name: each session has a file of its own", at: written,
                help: "write `path: audio/{session}.wav`")
            return nil
        }
        return output
    }
}
