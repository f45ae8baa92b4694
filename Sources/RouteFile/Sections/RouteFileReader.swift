import ConfigSource
import EventJSON
import EventRouter
import RealtimeSession
import RecordFiles

/// Reads the sections of a routes.yml and reports all mistakes.
///
/// A mistake in one place must not cause further messages elsewhere. For example, a route can name a handler whose
/// options are invalid.
struct RouteFileReader {
    let registry: HandlerRegistry
    let context: HandlerContext
    let diagnostics: Diagnostics

    /// The values of `lists`, by name.
    var lists: [String: [JSONValue]] = [:]
    /// The nodes of `lists`, by name.
    var listNodes: [String: Node] = [:]
    /// The sources, in file order.
    var sources: [SourceBinding] = []
    /// The `max_cost` of the sources.
    var costLimits: [CostLimit] = []
    /// The `keep` of `privacy`; nil if it is not set.
    private(set) var keep: Duration?
    /// The handlers, in file order.
    var handlers: [DeclaredHandler] = []
    /// Whether `handlers` is not a mapping, so that the handlers' names are unknown.
    private(set) var hasUnreadableHandlers = false
    /// The functions of the handlers.
    private(set) var functions = KnownFunctions()
    /// The first node with each route name.
    var routeNames: [String: Node] = [:]
    /// The names of the handlers that routes or `unmatched` use.
    var usedHandlers: Set<String> = []

    /// The limits and deadlines that the file can set.
    struct Limits {
        var maxEventBytes: Int
        var transcriptTimeout: Duration
        var deadlines: SessionDeadlines
        var shutdownTimeout: Duration?
    }

    init(
        registry: HandlerRegistry, context: HandlerContext, diagnostics: Diagnostics
    ) {
        self.registry = registry
        self.context = context
        self.diagnostics = diagnostics
    }

    /// Reads the whole file; returns nil if there is an error.
    mutating func configuration(_ file: SourceFile) -> RouteConfiguration? {
        guard let root = YAML.read(file, diagnostics),
            var section = Section(root, what: "the file", FileKeys.form, diagnostics)
        else { return nil }
        checkVersion(&section)
        let limits = readLimits(&section)
        let lists = section.read(FileKeys.lists) ?? []
        for entry in lists { readList(entry) }
        if isUnreadable(section, "lists") {
            for name in ListLint.references(root) { self.lists[name] = [.null] }
        }
        let privacy = readPrivacy(&section)
        keep = privacy.keep
        readSources(&section)
        let session = readSession(&section)
        if let block = session?.block { checkSources(with: block, file) }
        hasUnreadableHandlers = isUnreadable(section, "handlers")
        for entry in section.read(FileKeys.handlers) ?? [] { readHandler(entry) }
        functions = KnownFunctions(handlers)
        let routes = readRoutes(&section)
        let unmatched = readUnmatched(&section)
        let deadLetters = readDeadLetters(&section)
        let tests = readTests(&section)
        section.finish()
        LookAlikeLint.check(root, diagnostics)
        VariableLint(diagnostics: diagnostics).check(root)
        warnOfUnusedHandlers()
        warnOfBlockingHandlers()
        warnOfUncalledFunctions()
        checkCostLimits(session: session?.block)
        if !diagnostics.hasErrors { ListLint.check(lists, root, diagnostics) }
        let known = handlers.compactMap { handler in handler.binding.map { (handler.name, $0.handler) } }
        ShadowLint(handlers: Dictionary(known) { first, _ in first }, diagnostics: diagnostics, file: file).check(
            routes)
        guard !diagnostics.hasErrors else { return nil }
        let sink: any DeadLetterSink =
            deadLetters.map { DeadLetterFile(path: $0, clock: context.clock, by: context.files) }
            ?? LoggedDeadLetters()
        let table = RouteTable(
            handlers: handlers.compactMap(\.binding), routes: routes, unmatched: unmatched, deadLetters: sink,
            redactors: privacy.redactors,
            secrets: SecretValues(joining: sources.map(\.secrets) + [session?.secrets].compactMap(\.self)),
            keep: privacy.keep, file: file, diagnostics)
        guard let table else { return nil }
        return RouteConfiguration(
            file: file, table: table, sources: sources, session: session?.block, limits: limits,
            deadLettersPath: deadLetters, tests: tests,
            keepsTerminalFree: !context.terminalUse.isNoted)
    }

    /// Whether a section of named entries is not a mapping. This is reported once for the section, not again for each
    /// use of a name.
    private func isUnreadable(_ section: Section, _ key: String) -> Bool {
        section.node[key].map { $0.entries == nil } ?? false
    }

    private func checkVersion(_ section: inout Section) {
        guard let node = section.read(FileKeys.version), node.number != "1" else { return }
        let isQuoted = node.scalar.map { $0.isQuoted && $0.text == "1" } ?? false
        let written = node.scalar.map { quoted($0.text) } ?? node.kindName
        diagnostics.error(
            "the version must be the number 1, and this is \(isQuoted ? "a string" : written)", at: node,
            help: isQuoted ? "leave out the quotes" : "write `version: 1`, the only version there is")
    }

    private func readLimits(_ section: inout Section) -> Limits {
        Limits(
            maxEventBytes: section.read(FileKeys.maxEventBytes),
            transcriptTimeout: section.read(FileKeys.transcriptTimeout),
            deadlines: SessionDeadlines(
                stalledAfter: section.read(FileKeys.stalledAfter).seconds,
                idleAfter: readIdleAfter(&section).map(\.seconds),
                lifetime: section.read(FileKeys.sessionLifetime).seconds,
                notice: section.read(FileKeys.expiryNotice).seconds),
            shutdownTimeout: section.read(FileKeys.shutdownTimeout))
    }

    /// The steps of `idle_after`, each longer than the one before it.
    private func readIdleAfter(_ section: inout Section) -> [Duration] {
        let steps = section.read(FileKeys.idleAfter)
        guard let elements = section.node(FileKeys.idleAfter.name)?.list else { return steps }
        let name = "`\(FileKeys.idleAfter.name)`"
        if elements.isEmpty {
            section.error("\(name) is empty", at: FileKeys.idleAfter.name, help: "write `idle_after: [30s, 60s]`")
        }
        // An invalid element has already been reported.
        guard elements.count == steps.count else { return steps }
        for index in steps.indices.dropFirst() where steps[index] <= steps[index - 1] {
            diagnostics.error(
                "each step of \(name) must be longer than the one before it, and "
                    + "\(quoted(elements[index].string ?? "")) follows \(quoted(elements[index - 1].string ?? ""))",
                at: elements[index])
        }
        return steps
    }

    private mutating func readUnmatched(_ section: inout Section) -> String? {
        guard let node = section.read(FileKeys.unmatched) else { return nil }
        if node.string == "ignore" { return nil }
        guard node.entries != nil, var inner = Section(node, what: "`unmatched`", UnmatchedKeys.form, diagnostics)
        else {
            let help = node.string.flatMap { name in
                handlers.contains { $0.name == name } ? "write `unmatched: {to: \(name)}`" : nil
            }
            diagnostics.error("`unmatched` must be `ignore` or `{to: HANDLER}`", at: node, help: help)
            return nil
        }
        defer { inner.finish() }
        guard let name = inner.read(UnmatchedKeys.to), let target = inner.node("to") else { return nil }
        return handler(named: name, at: target)?.name
    }

    private func readDeadLetters(_ section: inout Section) -> String? {
        if let node = section.entry("dead_letters")?.value, let path = node.string {
            section.error(
                "`dead_letters` must be a mapping, and this is \(node.kindDescription)", at: "dead_letters",
                help: "write `dead_letters: {path: \(path)}`")
            return nil
        }
        guard var inner = section.read(FileKeys.deadLetters) else { return nil }
        let path = inner.read(DeadLetterKeys.path)
        inner.finish()
        return path.map { context.outputPath($0) }
    }

    private func warnOfUnusedHandlers() {
        // If there is an error, it may be in the route that uses the handler.
        guard !diagnostics.hasErrors else { return }
        for handler in handlers where !usedHandlers.contains(handler.name) {
            diagnostics.warning("no route uses the handler \(quoted(handler.name))", at: handler.key)
        }
    }
}

extension RouteFileReader {
    /// Reads one entry of `lists`.
    mutating func readList(_ entry: Node.Entry) {
        // A list without valid values still defines its name.
        var values: [JSONValue] = []
        defer { lists[entry.name] = values.isEmpty ? [.null] : values }
        listNodes[entry.name] = entry.value
        let name = quoted(entry.name)
        guard let elements = entry.value.list else {
            let help = entry.value.scalar.flatMap { $0.text.isEmpty ? nil : "write `[\($0.text)]`" }
            diagnostics.error(
                "the list \(name) must be a list of values, and this is \(entry.value.kindName)", at: entry.value,
                help: help)
            return
        }
        guard !elements.isEmpty else {
            diagnostics.error(
                "the list \(name) is empty, so nothing could match it", at: entry.value,
                help: "give it values, or remove it")
            return
        }
        for element in elements {
            guard let scalar = element.scalar else {
                diagnostics.error("a value of the list \(name) cannot be \(element.kindName)", at: element)
                continue
            }
            if let lookAlike = scalar.lookAlike {
                diagnostics.error(lookAlike, at: element, help: scalar.lookAlikeHelp)
            } else if scalar.text.isEmpty, !scalar.isQuoted {
                diagnostics.error(
                    "a value is missing", at: element, help: "write `null` for null, or `\"\"` for an empty string")
            } else {
                values.append(JSONValue(element))
            }
        }
    }
}
