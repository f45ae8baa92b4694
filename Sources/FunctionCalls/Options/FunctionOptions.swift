import ConfigSource
import EventJSON
import EventRouter
import LocalCommands

/// Reads one entry of `functions`.
struct FunctionOptions {
    private let name: String
    private var section: Section
    private let registered: [String: any FunctionCallExecutor]
    private let folder: String

    /// The options that only a command has.
    private static let commandKeys = [
        "stdin", "kill_after", "max_output", "env", "working_directory", "error_output",
    ]

    private static let timeouts = Duration.milliseconds(1)...Duration.seconds(24 * 3600)

    init?(
        _ entry: Node.Entry, registered: [String: any FunctionCallExecutor], folder: String, _ diagnostics: Diagnostics
    ) {
        guard let section = Section(entry.value, what: "the function \(quoted(entry.name))", diagnostics) else {
            return nil
        }
        name = entry.name
        self.section = section
        self.registered = registered
        self.folder = folder
    }

    /// Reads all of it; reports what is wrong, and gives nil when that leaves no function.
    mutating func read() -> LocalFunction? {
        let description = section.string("description")
        let parameters = readParameters()
        let timeout = section.duration("timeout", in: Self.timeouts) ?? .seconds(10)
        let maxConcurrent = section.int("max_concurrent", in: 1...1024)
        let executor = readExecutor(timeout, parameters)
        section.finish()
        return executor.map {
            LocalFunction(
                name, description: description, parameters: parameters, timeout: timeout, maxConcurrent: maxConcurrent,
                executor: $0)
        }
    }

    private mutating func readParameters() -> JSONValue? {
        guard let node = section.node("parameters") else { return nil }
        guard node.entries != nil else {
            section.error(
                "`parameters` must be a JSON Schema, written as a mapping, and this is \(node.kindName)",
                at: "parameters", help: "for example `{ type: object, properties: { city: { type: string } } }`")
            return nil
        }
        return node.json
    }

    private mutating func readExecutor(_ timeout: Duration, _ parameters: JSONValue?) -> (any FunctionCallExecutor)? {
        section.know(["command", "swift"] + Self.commandKeys)
        switch (section.has("command"), section.has("swift")) {
        case (true, true):
            section.error(
                "\(section.what) has both `command` and `swift`", at: "swift", help: "keep the one that runs it")
            return nil
        case (false, false):
            section.diagnostics.error(
                "\(section.what) needs `command` or `swift`", at: section.node,
                help: "a local command, `command: [./bin/\(name)]`, or a function registered in code, `swift: \(name)`")
            return nil
        case (false, true): return readSwift()
        case (true, false): return readCommand(timeout, parameters)
        }
    }

    private mutating func readSwift() -> (any FunctionCallExecutor)? {
        for key in Self.commandKeys where section.has(key) {
            section.error(
                "`\(key)` is for commands, and \(section.what) is a Swift function", at: key, help: "remove `\(key)`")
        }
        guard let swift = section.string("swift") else { return nil }
        if let executor = registered[swift] { return executor }
        section.error(
            "there is no Swift function \(quoted(swift))", at: "swift",
            help: suggestion(for: swift, among: registered.keys.sorted(), called: "registered functions"))
        return nil
    }

    private mutating func readCommand(_ timeout: Duration, _ parameters: JSONValue?) -> (any FunctionCallExecutor)? {
        var limits = CommandLimits(timeout: timeout)
        if let killAfter = section.duration("kill_after", in: .zero ... .seconds(3600)) { limits.killAfter = killAfter }
        if let size = section.byteSize("max_output", in: 1...(64 << 20)) { limits.maximumOutput = size }
        let input = section.choice("stdin", among: ["arguments", "call", "none"])
        let errorOutput = section.choice("error_output", among: ["stderr", "none"])
        let inherited = section.stringList("env") ?? []
        for name in inherited where !CommandEnvironment.isName(name) {
            section.error(
                "\(quoted(name)) is not the name of a variable", at: "env",
                help: "names only, without values: `[LANG, TZ]`")
        }
        let workingDirectory = section.string("working_directory") ?? "."
        guard let template = readTemplate(parameters) else { return nil }
        return CommandExecutor(
            template, input: input.flatMap(CommandExecutor.Input.init) ?? .arguments,
            errorOutput: errorOutput.flatMap(CommandExecutor.ErrorOutput.init) ?? .none, inherited: inherited,
            workingDirectory: workingDirectory, baseFolder: folder, limits: limits)
    }

    private mutating func readTemplate(_ parameters: JSONValue?) -> CommandTemplate? {
        guard let nodes = section.node("command")?.list, let words = section.stringList("command") else {
            _ = section.stringList("command")
            return nil
        }
        guard words.count == nodes.count else { return nil }
        let problems = CommandTemplate.problems(in: words)
        for problem in problems {
            let node = problem.index.map { nodes[$0] } ?? section.node("command") ?? section.node
            section.diagnostics.error(problem.message, at: node, help: problem.help)
        }
        guard problems.isEmpty, let template = try? CommandTemplate(words) else { return nil }
        let known = ParameterNames(parameters)
        var isKnown = true
        for (word, node) in zip(template.words, nodes) {
            guard case .placeholder(let placeholder) = word, !known.mayContain(placeholder.argument) else { continue }
            isKnown = false
            section.diagnostics.error(
                "\(section.what) has no parameter `\(placeholder.argument)`", at: node,
                help: suggestion(for: placeholder.argument, among: known.names, called: "parameters"))
        }
        return isKnown ? template : nil
    }
}

/// The names of the arguments that a schema knows.
private struct ParameterNames {
    let names: [String]
    private let isOpen: Bool

    /// Keywords by which a schema can name arguments elsewhere than in `properties`.
    private static let composing = [
        "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas",
    ]

    init(_ parameters: JSONValue?) {
        names = parameters?["properties"]?.object?.keys ?? []
        isOpen = names.isEmpty || Self.composing.contains { parameters?[$0] != nil }
    }

    /// Whether a call can have an argument of this name, as far as the schema tells.
    func mayContain(_ name: String) -> Bool { isOpen || names.contains(name) }
}
