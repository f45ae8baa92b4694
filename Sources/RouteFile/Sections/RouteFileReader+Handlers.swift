import ConfigSource
import EventRouter
import RealtimeEvents

extension RouteFileReader {
    /// Reads one handler.
    mutating func readHandler(_ entry: Node.Entry) {
        handlers.append(
            DeclaredHandler(
                name: entry.name, key: entry.key, onFull: entry.value[HandlerKeys.onFull.name],
                binding: withVariables(entry)))
    }

    /// Creates the handler from its options, after replacing the environment variables in them.
    private func withVariables(_ entry: Node.Entry) -> HandlerBinding? {
        var variables = VariableReplacement(context.variable, diagnostics)
        let options = entry.value["type"]?.string.flatMap { registry.form($0)?.options }
        let handler = Node.Entry(key: entry.key, value: variables.options(entry.value, HandlerKeys.form, options))
        var result = variables.reporting { binding(handler) }
        let mask = variables.mask
        result?.secrets = SecretValues(variables.values)
        result?.fingerprint = OptionsFingerprint(handler.value, context).hash
        result?.hide = { mask.hide(in: $0) }
        return result
    }

    private func binding(_ entry: Node.Entry) -> HandlerBinding? {
        guard var section = typedSection(entry, .handler(registry)) else { return nil }
        let queue = queuePolicy(&section)
        let timeout = section.read(HandlerKeys.timeout)
        let retry = section.read(HandlerKeys.retry).map { retryPolicy($0) }
        guard let handler = handler(entry.name, section) else { return nil }
        let binding = HandlerBinding(
            entry.name, handler, queue: queue, timeout: timeout, retry: retry ?? .once, location: entry.key.location)
        if binding.roles.takesFunctionCalls { checkFunctionCalls(binding, section) }
        return binding
    }

    private func checkFunctionCalls(_ binding: HandlerBinding, _ section: Section) {
        if binding.retry.attempts > 1 {
            section.error(
                "\(section.what) may not retry: a function call runs at most once", at: "retry", help: "remove `retry`")
        }
        if binding.timeout != nil {
            section.error(
                "\(section.what) may not have `handler_timeout`: a call that is answered as late could still run",
                at: HandlerKeys.timeout.name, help: "remove `handler_timeout`; each function has a `timeout`")
        }
    }

    private func handler(_ name: String, _ section: Section) -> (any EventHandler)? {
        var section = section
        guard let type = type(name, &section, .handler(registry)) else { return nil }
        guard let make = registry.factory(type) else {
            return unregistered(type, section, .handler(registry)).map(UnregisteredHandler.init)
        }
        var options = HandlerOptions(
            name: name, section: section, context: context, functions: registry.functions,
            executors: registry.executors)
        let problems = diagnostics.items.count
        let handler = make(&options)
        options.section.finish()
        if handler == nil, diagnostics.items.count == problems {
            diagnostics.error("\(section.what) cannot be made of these options", at: section.node)
        }
        return handler
    }

    private func queuePolicy(_ section: inout Section) -> QueuePolicy {
        let capacity = bounds(own: HandlerKeys.queueCapacity, shared: HandlerKeys.sharedQueueCapacity, &section)
        let bytes = bounds(own: HandlerKeys.queueBytes, shared: HandlerKeys.sharedQueueBytes, &section)
        return QueuePolicy(
            capacity: capacity.own, bytes: bytes.own, sharedCapacity: capacity.shared, sharedBytes: bytes.shared,
            onFull: section.read(HandlerKeys.onFull))
    }

    /// The limit for one session, and the limit for all sessions together. Reports an error if the file
    /// sets the limit for all sessions to less than the limit for one session.
    private func bounds(
        own: SectionKey<Int>, shared: SectionKey<Int>, _ section: inout Section
    ) -> (own: Int, shared: Int) {
        let problems = diagnostics.items.count
        let bounds = (own: section.read(own), shared: section.read(shared))
        // The message repeats the text of the file, in which the values of variables are hidden.
        guard bounds.shared < bounds.own, diagnostics.items.count == problems,
            let written = section.node[shared.name]?.scalar?.text,
            let least = (section.node[own.name] ?? own.form.defaultValue)?.scalar?.text
        else { return bounds }
        let isDefault = !section.has(own.name)
        section.error(
            "`\(shared.name)` must be at least `\(own.name)` (\(quoted(least))\(isDefault ? " by default" : "")), "
                + "and this is \(quoted(written))",
            at: shared.name, help: isDefault ? "add `\(own.name): \(written)`, or less" : nil)
        return bounds
    }

    /// Reads `retry: {attempts: 3, backoff: 200ms}`.
    func retryPolicy(_ section: Section) -> RetryPolicy {
        var section = section
        let policy = RetryPolicy(
            attempts: section.read(RetryKeys.attempts) ?? 1, backoff: section.read(RetryKeys.backoff))
        section.finish()
        return policy
    }

    /// The handler with a name; reports an error and returns nil if there is no such handler.
    mutating func handler(named name: String, at node: Node) -> DeclaredHandler? {
        usedHandlers.insert(name)
        if let handler = handlers.first(where: { $0.name == name }) { return handler }
        guard !hasUnreadableHandlers else { return nil }
        diagnostics.error(
            "there is no handler \(quoted(name))", at: node,
            help: suggestion(for: name, among: handlers.map(\.name), called: "handlers"))
        return nil
    }
}

/// A fingerprint of the options of a handler or source. Two handlers or sources with equal fingerprints are
/// interchangeable.
struct OptionsFingerprint {
    /// The hash of the options. Only the hash is exposed, because the options contain values of environment variables.
    var hash: String { SourceFile(path: "", bytes: Array(text.utf8)).fingerprint }
    private let text: String

    /// - Parameters:
    ///   - options: the options, in which environment variables are replaced. Their order does not matter.
    ///   - context: the folders to which their paths are relative.
    init(_ options: Node, _ context: HandlerContext) {
        text =
            [context.folder, context.outputFolder, "\(context.standardOutputIsTaken)"]
            .map { "\($0.debugDescription) " }.joined() + Self.text(of: options)
    }

    private static func text(of node: Node) -> String {
        switch node.content {
        case .scalar(let scalar): "\(scalar.value)"
        case .list(let elements): "[" + elements.map(text).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.name.debugDescription):\(text(of: $0.value))" }.sorted().joined(separator: ",")
                + "}"
        }
    }
}
