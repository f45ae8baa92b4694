import ConfigSource
import EventRouter

// What several sources cannot share, and what does not go together with `session`.
extension RouteFileReader {
    /// A source, and where it stands.
    typealias PlacedSource = (binding: SourceBinding, entry: Node.Entry)

    /// Reports what two sources cannot share.
    func checkSharing(_ sources: [PlacedSource]) {
        checkStandardInput(sources)
        var owners: [String: PlacedSource] = [:]
        for placed in sources {
            guard let key = (placed.binding.source as? any CheckedSource)?.onlySessionKey else { continue }
            guard let first = owners[key] else {
                owners[key] = placed
                continue
            }
            let node = [placed, first].lazy.compactMap { $0.entry.value["session_key"] }.first ?? placed.entry.key
            diagnostics.error(
                "the sources \(quoted(first.entry.name)) and \(quoted(placed.entry.name)) have the same session key \(quoted(key))",
                at: node, help: "give each a `session_key` of its own: the key tells sessions apart")
        }
    }

    private func checkStandardInput(_ sources: [PlacedSource]) {
        let isPipe = { (placed: PlacedSource) in placed.entry.value[TypedKeys.type]?.string == "pipe" }
        let readers = sources.filter { placed in
            isPipe(placed) || (placed.binding.source as? any CheckedSource)?.readsStandardInput == true
        }
        guard readers.count > 1 else { return }
        let arePipes = readers[...1].allSatisfy(isPipe)
        diagnostics.error(
            "the sources \(quoted(readers[0].entry.name)) and \(quoted(readers[1].entry.name)) would both read standard input",
            at: readers[1].entry.key,
            help: "keep one of them"
                + (arePipes ? ": lines can name their session, `{\"session\": KEY, \"event\": {…}}`" : ""))
    }

    /// Reports what of `session` does not go with a source.
    func checkSources(with session: SessionBlock, _ file: SourceFile) {
        for binding in sources {
            guard let problem = (binding.source as? any CheckedSource)?.problem(with: session) else { continue }
            diagnostics.add(
                Diagnostic(
                    problem.severity, "the source \(quoted(binding.name)) \(problem.message)",
                    at: session.location(of: problem.key), in: file, help: problem.help))
        }
    }
}
