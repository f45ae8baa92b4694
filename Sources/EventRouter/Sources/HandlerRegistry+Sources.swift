public import ConfigSource

extension HandlerRegistry {
    /// The names of the registered source types, sorted.
    public var sourceTypes: [String] { sources.keys.sorted() }

    /// Registers a source type under the name that `type:` uses in `sources`. A later registration replaces an earlier one.
    ///
    /// ```swift
    /// let address = SectionKey.string("address", "The switchboard's address.").required()
    /// registry.source("switchboard", "Calls of the switchboard.", options: [address]) { options in
    ///     options.read(address).map { SwitchboardSource(address: $0) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - type: the name.
    ///   - summary: where sources of this type get their sessions, in a sentence.
    ///   - options: the options, beside those that every source has; nil when those are known that the factory asks for.
    ///   - make: the factory.
    public mutating func source(
        _ type: String, _ summary: String = "", options: [any DeclaredKey]? = nil, make: @escaping SourceFactory
    ) {
        let form = options.map { SectionForm($0) }
        sources[type] = SourceType(form: TypeForm(summary: summary, options: form)) { options in
            if let form { options.section.declare(form) }
            return make(&options)
        }
    }

    /// The factory of a source type.
    public func sourceFactory(_ type: String) -> SourceFactory? { sources[type]?.make }

    /// The summary and the declared options of a source type; nil if it is not registered.
    package func sourceForm(_ type: String) -> TypeForm? { sources[type]?.form }

    /// Registers the source types that come with the router: `file` and `pipe`.
    public mutating func registerSources() {
        registerFiles()
        registerPipe()
    }

    private mutating func registerFiles() {
        let paths = SectionKey.stringOrList(
            "paths",
            "Files of JSON Lines, folders (their files that end in `.jsonl`), and patterns such as `calls/*.jsonl`."
        ).required("write `paths: [calls/*.jsonl]`")
        let atOnce = SectionKey.int("at_once", in: 1...1000, "How many sessions are read at the same time.")
            .defaulting(to: 4)
        source("file", "Recorded sessions in files.", options: [paths, atOnce]) { options in
            let count = options.read(atOnce)
            guard let written = options.read(paths) else { return nil }
            guard !written.isEmpty, !written.contains("") else {
                options.section.error(
                    written.isEmpty ? "`paths` is empty" : "a path is empty", at: "paths",
                    help: "write `paths: [calls/*.jsonl]`")
                return nil
            }
            return FileSource(paths: written.map { options.inputPath($0) }, concurrentSessions: count)
        }
    }

    private mutating func registerPipe() {
        let live = SectionKey.bool(
            "live",
            "Whether the sessions are going on: their events come as they happen, and they get what `--outbound` writes."
        ).defaulting(to: false)
        let key = SectionKey.string(
            "session_key", "The key of the session of all lines that name none; `stdin` by default.")
        source("pipe", "Sessions that another program writes to standard input.", options: [live, key]) { options in
            let isLive = options.read(live)
            let key = options.read(key)
            guard key?.isEmpty != true else {
                options.section.error("`session_key` is empty", at: "session_key")
                return nil
            }
            return PipeSource(isLive: isLive, key: key)
        }
    }
}
