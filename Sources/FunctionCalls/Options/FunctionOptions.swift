import ConfigSource
import EventJSON
import EventRouter
import SchemaValidation

/// Reads one entry of `functions`.
struct FunctionOptions {
    let name: String
    var section: Section
    private let registered: [String: any FunctionCallExecutor]
    let folder: String
    private let startsHandlers: Bool
    let looksForPrograms: Bool

    init?(
        _ entry: Node.Entry, of options: HandlerOptions
    ) {
        let what = "the function \(quoted(entry.name))"
        guard let section = Section(entry.value, what: what, FunctionKeys.form, options.diagnostics) else { return nil }
        name = entry.name
        self.section = section
        registered = options.functions
        folder = options.folder
        startsHandlers = options.surroundings.startsHandlers
        looksForPrograms = options.surroundings.looksForPrograms
    }

    /// Reads all of it; reports what is wrong, and gives nil when that leaves no function.
    mutating func read() -> LocalFunction? {
        let description = section.read(FunctionKeys.description)
        let parameters = readParameters()
        let timeout = section.read(FunctionKeys.timeout)
        let maxConcurrent = section.read(FunctionKeys.maxConcurrent)
        let policy = readPolicy(ParameterNames(parameters?.source))
        let executor = readExecutor(timeout, parameters)
        section.finish()
        return executor.map {
            LocalFunction(
                name, description: description, parameters: parameters, timeout: timeout, maxConcurrent: maxConcurrent,
                policy: policy, executor: $0)
        }
    }

    private mutating func readParameters() -> JSONSchema? {
        guard let node = section.read(FunctionKeys.parameters) else { return nil }
        guard node.entries != nil else {
            section.error(
                "`parameters` must be a JSON Schema, written as a mapping, and this is \(node.kindName)",
                at: "parameters", help: "for example `{ type: object, properties: { city: { type: string } } }`")
            return nil
        }
        do {
            return try JSONSchema(JSONValue(node))
        } catch {
            for problem in error.problems {
                section.diagnostics.error(problem.message, at: node.node(at: problem), help: problem.help)
            }
            return nil
        }
    }

    private mutating func readExecutor(_ timeout: Duration, _ parameters: JSONSchema?) -> (any FunctionCallExecutor)? {
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
        for key in FunctionKeys.form.companions(of: "command") where section.has(key) {
            section.error(
                "`\(key)` is for commands, and \(section.what) is a Swift function", at: key, help: "remove `\(key)`")
        }
        guard let swift = section.read(FunctionKeys.swift) else { return nil }
        if let executor = registered[swift] { return executor }
        let message = "there is no Swift function \(quoted(swift))"
        let help = suggestion(for: swift, among: registered.keys.sorted(), called: "registered functions")
        guard startsHandlers else {
            section.diagnostics.warning(
                message + " in this program", at: section.node["swift"] ?? section.node, help: help)
            return UnregisteredFunction()
        }
        section.error(message, at: "swift", help: help)
        return nil
    }
}

extension Node {
    /// Where a mistake in a schema stands; the nearest place that is still there, for a schema that is used at several.
    fileprivate func node(at problem: SchemaProblem) -> Node {
        var node = self
        for (index, step) in problem.path.enumerated() {
            switch step {
            case .index(let element):
                guard let list = node.list, list.indices.contains(element) else { return node }
                node = list[element]
            case .key(let name):
                guard let entry = node.entries?.last(where: { $0.name == name }) else { return node }
                node = problem.isKey && index == problem.path.count - 1 ? entry.key : entry.value
            }
        }
        return node
    }
}
