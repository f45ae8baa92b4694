import ConfigSource
import EventRouter

extension RouteFileReader {
    /// Reads `sources`.
    mutating func readSources(_ section: inout Section) {
        guard let entries = section.read(FileKeys.sources) else { return }
        if entries.isEmpty {
            section.error(
                "`sources` is empty", at: FileKeys.sources.name,
                help: "remove it, or write `sources: {calls: {type: file, paths: [calls]}}`")
        }
        let located = entries.compactMap { entry in withVariables(entry).map { (binding: $0, entry: entry) } }
        sources += located.map(\.binding)
        for entry in entries { addCostLimits(entry.value) }
        checkSharing(located)
    }

    /// Creates the source from its options, after replacing the environment variables in them.
    private func withVariables(_ entry: Node.Entry) -> SourceBinding? {
        var variables = VariableReplacement(context.variable, diagnostics)
        let options = entry.value[TypedKeys.type]?.string.flatMap { registry.sourceForm($0)?.options }
        let source = Node.Entry(key: entry.key, value: variables.options(entry.value, SourceKeys.form, options))
        var result = variables.reporting { binding(source) }
        let mask = variables.mask
        result?.secrets = SecretValues(variables.values)
        result?.fingerprint = OptionsFingerprint(source.value, context).hash
        result?.hide = { mask.hide(in: $0) }
        return result
    }

    private func binding(_ entry: Node.Entry) -> SourceBinding? {
        guard var section = typedSection(entry, .source(registry)) else { return nil }
        let labels = section.read(SourceKeys.labels).map { self.labels($0) } ?? []
        let idleLimit = section.read(SourceKeys.sessionIdle)
        let limits = readSessionLimits(&section)
        let recordings = readRecord(&section)
        guard let source = source(entry.name, section) else { return nil }
        for key in SourceKeys.live where section.has(key) {
            guard !source.isLive, !(source is UnregisteredSource) else { continue }
            section.error(
                "`\(key)` is for live sources, and \(section.what) is not live", at: key,
                help: section.string(TypedKeys.type) == "pipe" ? "write `live: true`, or remove it" : "remove it")
        }
        return SourceBinding(
            entry.name, source, labels: labels, idleLimit: idleLimit, limits: limits, recordings: recordings,
            location: entry.key.location)
    }

    /// Reads a source's `record`.
    private func readRecord(_ section: inout Section) -> RecordingFiles? {
        if let node = section.entry(SourceKeys.record.name)?.value, let folder = node.string {
            section.error(
                "`record` must be a mapping, and this is \(node.kindDescription)", at: SourceKeys.record.name,
                help: "write `record: {folder: \(yamlText(folder))}`")
            return nil
        }
        guard var record = section.read(SourceKeys.record) else { return nil }
        defer { record.finish() }
        let keepsAudio = record.read(RecordKeys.audio)
        let maximumSize = record.read(RecordKeys.maxSize)
        let ownKeep = record.read(RecordKeys.keep)
        if let keep, let ownKeep, ownKeep > keep {
            record.error(
                "`keep` is longer than that of `privacy`, which holds for all records", at: RecordKeys.keep.name,
                help: "shorten it, or let `privacy` keep records longer")
        }
        guard let folder = record.read(RecordKeys.folder) else { return nil }
        guard !folder.isEmpty, folder != "-" else {
            record.error(
                folder.isEmpty
                    ? "`folder` is empty" : "`folder` must be a folder, because `forget` cannot erase standard output",
                at: RecordKeys.folder.name, help: "write `record: {folder: recordings}`")
            return nil
        }
        return RecordingFiles(
            folder: context.outputPath(folder), keepsAudio: keepsAudio, maximumSize: maximumSize,
            keep: ownKeep ?? keep)
    }

    private func source(_ name: String, _ section: Section) -> (any SessionSource)? {
        var section = section
        guard let type = type(name, &section, .source(registry)) else { return nil }
        guard let make = registry.sourceFactory(type) else {
            return unregistered(type, section, .source(registry)).map(UnregisteredSource.init)
        }
        var options = SourceOptions(name: name, section: section, context: context)
        let problems = diagnostics.items.count
        let source = make(&options)
        options.section.finish()
        if source == nil, diagnostics.items.count == problems {
            diagnostics.error("\(section.what) cannot be made of these options", at: section.node)
        }
        return source
    }

    /// Warns about `on_full: block` if a source is live, because a live session does not wait for handlers.
    func warnOfBlockingHandlers() {
        guard let live = sources.first(where: \.source.isLive) else { return }
        for handler in handlers where handler.binding?.queue.onFull == .block {
            guard let node = handler.onFull else { continue }
            diagnostics.warning(
                "`on_full: block` cannot make a live session wait for long, and the source \(quoted(live.name)) is live",
                at: node,
                help:
                    "write `on_full: drop_oldest`, which is what a live session does when the queue is full, and `queue_capacity` for more room"
            )
        }
    }
}

extension RouteFileReader {
    /// Warns about functions that are never called because no source lets the router send events.
    func warnOfUncalledFunctions() {
        guard !sources.isEmpty, !sources.contains(where: \.source.maySendClientEvents),
            let handler = handlers.first(where: { $0.binding?.roles.functionCalls != nil })
        else { return }
        diagnostics.warning(
            "no function of \(quoted(handler.name)) is ever called: every source only watches its sessions",
            at: handler.key, help: "write `mode: act` at a proxy, or remove the handler")
    }
}

/// A placeholder for a source of an unregistered type, in commands that start no sources.
struct UnregisteredSource: SessionSource {
    let type: String
    var name: String { type }
    var isLive: Bool { false }

    func run(_ context: SourceContext) async throws {
        throw DeliveryFailure.permanent("the source type `\(type)` is not registered in this program")
    }
}

// Conflicts between sources, and between sources and `session`.
extension RouteFileReader {
    /// A source and its entry in the file.
    typealias LocatedSource = (binding: SourceBinding, entry: Node.Entry)

    /// Reports sources that both read standard input or have the same session key.
    func checkSharing(_ sources: [LocatedSource]) {
        checkStandardInput(sources)
        var owners: [String: LocatedSource] = [:]
        for located in sources {
            guard let key = (located.binding.source as? any CheckedSource)?.onlySessionKey else { continue }
            guard let first = owners[key] else {
                owners[key] = located
                continue
            }
            let node = [located, first].lazy.compactMap { $0.entry.value["session_key"] }.first ?? located.entry.key
            diagnostics.error(
                "the sources \(quoted(first.entry.name)) and \(quoted(located.entry.name)) have the same session key \(quoted(key))",
                at: node, help: "give each a `session_key` of its own: the key tells sessions apart")
        }
    }

    private func checkStandardInput(_ sources: [LocatedSource]) {
        let isPipe = { (located: LocatedSource) in located.entry.value[TypedKeys.type]?.string == "pipe" }
        let readers = sources.filter { located in
            isPipe(located) || (located.binding.source as? any CheckedSource)?.readsStandardInput == true
        }
        guard readers.count > 1 else { return }
        let arePipes = readers[...1].allSatisfy(isPipe)
        diagnostics.error(
            "the sources \(quoted(readers[0].entry.name)) and \(quoted(readers[1].entry.name)) would both read standard input",
            at: readers[1].entry.key,
            help: "keep one of them"
                + (arePipes ? ": lines can name their session, `{\"session\": KEY, \"event\": {…}}`" : ""))
    }

    /// Reports fields of `session` that a source does not support.
    func checkSources(with session: SessionSettings, _ file: SourceFile) {
        for binding in sources {
            guard let problem = (binding.source as? any CheckedSource)?.problem(with: session) else { continue }
            diagnostics.add(
                Diagnostic(
                    problem.severity, "the source \(quoted(binding.name)) \(problem.message)",
                    at: session.location(of: problem.key), in: file, help: problem.help))
        }
    }
}
