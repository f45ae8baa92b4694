import ConfigSource
import EventRouter
import LocalCommands
import SchemaValidation

// What only a command has.
extension FunctionOptions {
    mutating func readCommand(_ timeout: Duration, _ parameters: JSONSchema?) -> (any FunctionCallExecutor)? {
        let limits = CommandLimits(
            timeout: timeout, killAfter: section.read(FunctionKeys.killAfter),
            maximumOutput: section.read(FunctionKeys.maxOutput))
        let input = section.read(FunctionKeys.stdin)
        let errorOutput = section.read(FunctionKeys.errorOutput)
        let inherited = section.read(FunctionKeys.env)
        for name in inherited where !CommandEnvironment.isName(name) {
            section.error(
                "\(quoted(name)) is not the name of a variable", at: "env",
                help: "names only, without values: `[LANG, TZ]`")
        }
        let workingDirectory = section.read(FunctionKeys.workingDirectory)
        guard let template = readTemplate(parameters) else { return nil }
        let executor = CommandExecutor(
            template, input: input, errorOutput: errorOutput, inherited: inherited,
            workingDirectory: workingDirectory, baseFolder: folder, limits: limits)
        if looksForPrograms, let concern = executor.concern {
            let program = section.node(FunctionKeys.command.name)?.list?.first ?? section.node
            section.diagnostics.warning(concern.message, at: program, help: concern.help)
        }
        return executor
    }

    private mutating func readTemplate(_ parameters: JSONSchema?) -> CommandTemplate? {
        if let line = section.node(FunctionKeys.command.name)?.string {
            let words = line.split(separator: " ").map { $0.contains("{") ? "\"\($0)\"" : String($0) }
            section.error(
                "`command` must be a list of words, and this is a string; there is no shell that would split it",
                at: "command", help: "write `[\(words.joined(separator: ", "))]`")
            return nil
        }
        let allowsDash = section.read(FunctionKeys.allowDash)
        guard let nodes = section.read(FunctionKeys.command), let parts = parts(nodes) else { return nil }
        // A word's node; the node of a group that is empty stands for the word that is missing.
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
        return hasOnlyParameters(template, words, ParameterNames(parameters?.source)) ? template : nil
    }

    /// The words and groups; nil, and reported, when one is something else.
    private func parts(_ nodes: [Node]) -> [CommandPart]? {
        let parts = nodes.map { node -> CommandPart? in
            guard let group = node.list else { return word(node).map(CommandPart.word) }
            let words = group.map(word)
            return words.contains(nil) ? nil : .group(words.compactMap(\.self))
        }
        return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }

    private func word(_ node: Node) -> String? {
        if node.string == nil { report(notAString: node) }
        return node.string
    }

    /// To YAML, `{city}` without quotes is a mapping: the likeliest mistake of all.
    private func report(notAString node: Node) {
        var help = node.scalar.map { "quote it: `\"\($0.text)\"`" }
        if let entries = node.entries, entries.count == 1, entries[0].value.isNull {
            help = "quote it: `\"{\(entries[0].name)}\"`"
        }
        section.diagnostics.error(
            "each word of `command` must be a string, and this is \(node.kindName)", at: node, help: help)
    }

    private func hasOnlyParameters(_ template: CommandTemplate, _ nodes: [Node], _ known: ParameterNames) -> Bool {
        var isKnown = true
        for (word, node) in zip(template.groups.flatMap(\.words), nodes) {
            guard case .placeholder(let placeholder) = word, !known.mayContain(placeholder.argument) else { continue }
            isKnown = false
            section.diagnostics.error(
                "\(section.what) has no parameter `\(placeholder.argument)`", at: node,
                help: suggestion(for: placeholder.argument, among: known.names, called: "parameters"))
        }
        return isKnown
    }
}
