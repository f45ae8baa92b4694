import ConfigSource
import EventRouter
import LocalCommands
import SchemaValidation

// The options of a command.
extension FunctionOptions {
    mutating func readCommand(_ timeout: Duration, _ parameters: JSONSchema?) -> (any FunctionCallExecutor)? {
        let limits = readLimits(timeout)
        let input = section.read(FunctionKeys.stdin)
        let errorOutput = section.read(FunctionKeys.errorOutput)
        let output = section.read(FunctionKeys.output)
        let inherited = readInherited()
        let workingDirectory = section.read(FunctionKeys.workingDirectory)
        let resources = readResources()
        guard let template = readTemplate(parameters) else { return nil }
        let executor = CommandExecutor(
            template, input: input, errorOutput: errorOutput, output: output, inherited: inherited,
            workingDirectory: workingDirectory, baseFolder: folder, limits: limits, resources: resources)
        warn(about: executor.concern, at: FunctionKeys.command.name)
        return executor
    }

    mutating func readLimits(_ timeout: Duration) -> CommandLimits {
        CommandLimits(
            timeout: timeout, killAfter: section.read(FunctionKeys.killAfter),
            maximumOutput: section.read(FunctionKeys.maxOutput))
    }

    /// Reads the limits and the sandbox. Reports an error if this machine cannot enforce them.
    mutating func readResources() -> CommandResources {
        var resources = CommandResources()
        if var limits = section.read(FunctionKeys.limits) {
            resources = CommandResources(
                processorTime: limits.read(LimitKeys.cpu), memory: limits.read(LimitKeys.memory),
                openFiles: limits.read(LimitKeys.files))
            limits.finish()
            report(resources, at: FunctionKeys.limits.name)
        }
        resources.sandbox = section.read(FunctionKeys.sandbox)
        if resources.sandbox != nil {
            report(CommandResources(sandbox: resources.sandbox), at: FunctionKeys.sandbox.name)
        }
        return resources
    }

    private func report(_ resources: CommandResources, at key: String) {
        guard looksForPrograms, let problem = LocalCommand([], resources: resources).resourceProblem() else { return }
        section.error(problem.description, at: key)
    }

    /// Reads the names of the inherited environment variables.
    mutating func readInherited() -> [String] {
        let inherited = section.read(FunctionKeys.env)
        for name in inherited where !CommandEnvironment.isName(name) {
            section.error(
                "\(quoted(name)) is not the name of a variable", at: "env",
                help: "names only, without values: `[LANG, TZ]`")
        }
        return inherited
    }

    /// Reports a warning about a program at the word that names it.
    func warn(about concern: LocalCommand.Concern?, at key: String) {
        guard looksForPrograms, let concern else { return }
        let words = section.node.entries?.first { $0.name == key }?.value.list
        section.diagnostics.warning(concern.message, at: words?.first ?? section.node, help: concern.help)
    }

    private mutating func readTemplate(_ parameters: JSONSchema?) -> CommandTemplate? {
        if reportsString(at: FunctionKeys.command.name) { return nil }
        let allowsDash = section.read(FunctionKeys.allowDash)
        guard let nodes = section.read(FunctionKeys.command), let parts = parts(nodes) else { return nil }
        // One node per word; the node of an empty group stands for its missing word.
        let words = nodes.flatMap { $0.list ?? [$0] }
        let problems = CommandTemplate.problems(in: parts)
        for problem in problems {
            if let index = problem.index {
                section.diagnostics.error(problem.message, at: words[index], help: problem.help)
            } else {
                section.error(problem.message, at: "command", help: problem.help)
            }
        }
        guard problems.isEmpty, let template = try? CommandTemplate(parts, allowsDash: allowsDash) else { return nil }
        let known = ParameterNames(parameters?.source)
        guard hasOnlyKnownParameters(template, words, known), hasNoRedactedPlaceholder(template, words) else {
            return nil
        }
        return template
    }

    /// Reports a command line written as one string. Returns whether the value was a string.
    mutating func reportsString(at key: String) -> Bool {
        guard let line = section.node(key)?.string else { return false }
        let words = line.split(separator: " ").map { $0.contains("{") ? "\"\($0)\"" : String($0) }
        section.error(
            "`\(key)` must be a list of words, and this is a string; there is no shell that would split it",
            at: key, help: "write `[\(words.joined(separator: ", "))]`")
        return true
    }

    /// The words and groups. Reports an error and returns nil if an element is neither.
    private func parts(_ nodes: [Node]) -> [CommandPart]? {
        let parts = nodes.map { node -> CommandPart? in
            guard let group = node.list else { return word(node).map(CommandPart.word) }
            let words = group.map { word($0) }
            return words.contains(nil) ? nil : .group(words.compactMap(\.self))
        }
        return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }

    func word(_ node: Node, of key: String = "command") -> String? {
        if node.string == nil { report(notAString: node, of: key) }
        return node.string
    }

    /// The likeliest mistake: in YAML, `{city}` without quotes is a mapping.
    private func report(notAString node: Node, of key: String) {
        var help = node.scalar.map { "quote it: `\"\($0.text)\"`" }
        if let entries = node.entries, entries.count == 1, entries[0].value.isNull {
            help = "quote it: `\"{\(entries[0].name)}\"`"
        }
        section.diagnostics.error(
            "each word of `\(key)` must be a string, and this is \(node.kindName)", at: node, help: help)
    }

    /// Whether no placeholder passes a redacted argument: all users can see a program's arguments in the list of
    /// processes.
    private func hasNoRedactedPlaceholder(_ template: CommandTemplate, _ nodes: [Node]) -> Bool {
        var isValid = true
        for (word, node) in zip(template.groups.flatMap(\.words), nodes) {
            guard case .placeholder(let placeholder) = word, redacted.contains(placeholder.argument) else { continue }
            isValid = false
            section.diagnostics.error(
                "the argument `\(placeholder.argument)` is redacted, and everybody on this machine can see the words of a command",
                at: node, help: "let the program read it from its standard input, and remove it here")
        }
        return isValid
    }

    private func hasOnlyKnownParameters(_ template: CommandTemplate, _ nodes: [Node], _ known: ParameterNames) -> Bool {
        var isValid = true
        for (word, node) in zip(template.groups.flatMap(\.words), nodes) {
            guard case .placeholder(let placeholder) = word, !known.mayContain(placeholder.argument) else { continue }
            isValid = false
            section.diagnostics.error(
                "\(section.what) has no parameter `\(placeholder.argument)`", at: node,
                help: suggestion(for: placeholder.argument, among: known.names, called: "parameters"))
        }
        return isValid
    }
}

// The options of a worker.
extension FunctionOptions {
    mutating func readWorker(_ timeout: Duration) -> (any FunctionCallExecutor)? {
        let limits = readLimits(timeout)
        let inherited = readInherited()
        let workingDirectory = section.read(FunctionKeys.workingDirectory)
        let resources = readResources()
        if reportsString(at: FunctionKeys.worker.name) { return nil }
        guard let nodes = section.read(FunctionKeys.worker), let words = words(nodes) else { return nil }
        let command = LocalCommand(
            words, environment: CommandEnvironment(inherited: inherited), workingDirectory: workingDirectory,
            baseFolder: folder, limits: limits, resources: resources)
        warn(about: command.concern(), at: FunctionKeys.worker.name)
        return WorkerExecutor(command, clock: clock, executor: context.executor)
    }

    /// The words. Reports errors and returns nil if they cannot be a worker's command.
    private func words(_ nodes: [Node]) -> [String]? {
        let words = nodes.compactMap { word($0, of: FunctionKeys.worker.name) }
        guard words.count == nodes.count else { return nil }
        guard words.first?.isEmpty == false else {
            section.error(
                "`worker` names no program", at: FunctionKeys.worker.name,
                help: "write a program and its arguments: `[./bin/\(name)]`")
            return nil
        }
        var isValid = true
        for (word, node) in zip(words, nodes) {
            guard case .placeholder = Placeholder.parse(word) else { continue }
            isValid = false
            section.diagnostics.error(
                "a worker is started before there is a call, and \(quoted(word)) has a placeholder", at: node,
                help: "it reads the arguments of each call from its standard input")
        }
        return isValid ? words : nil
    }
}
