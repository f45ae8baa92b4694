import ConfigSource
import EventJSON
import EventRouter
import SchemaValidation

/// Reads one entry of `functions`.
struct FunctionOptions {
    let name: String
    var section: Section
    /// What a file of tool definitions says of it; nil when none does.
    private let declared: ToolDeclaration?
    private let registered: [String: any FunctionCallExecutor]
    /// The kinds of functions that were registered beside the built-in ones.
    let kinds: [ExecutorKind]
    let form: SectionForm
    let surroundings: HandlerSurroundings
    /// The arguments that nobody may write down.
    private(set) var redacted: Set<String> = []

    init?(
        _ entry: Node.Entry, of options: HandlerOptions, declared: ToolDeclaration?
    ) {
        let what = "the function \(quoted(entry.name))"
        form = FunctionKeys.form(with: options.executors)
        guard let section = Section(entry.value, what: what, form, options.diagnostics) else { return nil }
        name = entry.name
        self.section = section
        self.declared = declared
        registered = options.functions
        kinds = options.executors
        surroundings = options.surroundings
    }

    var folder: String { surroundings.folder }
    var clock: any RouterClock { surroundings.clock }
    var looksForPrograms: Bool { surroundings.looksForPrograms }

    /// Reads all of it; reports what is wrong, and gives nil when that leaves no function.
    mutating func read() -> LocalFunction? {
        let description = section.read(FunctionKeys.description) ?? declared?.description
        let parameters = readParameters()
        let timeout = section.read(FunctionKeys.timeout)
        let maxConcurrent = section.read(FunctionKeys.maxConcurrent)
        let policy = readPolicy(ParameterNames(parameters?.source))
        redacted = policy.redacted
        let approval = readApproval()
        let executor = readExecutor(timeout, parameters)
        section.finish()
        return executor.map {
            LocalFunction(
                name, description: description, parameters: parameters, timeout: timeout, maxConcurrent: maxConcurrent,
                policy: policy, approval: approval, executor: $0)
        }
    }

    private mutating func readParameters() -> JSONSchema? {
        guard let node = section.read(FunctionKeys.parameters) ?? declared?.parameters else { return nil }
        guard node.entries != nil else {
            section.diagnostics.error(
                "`parameters` must be a JSON Schema, written as a mapping, and this is \(node.kindName)",
                at: node, help: "for example `{ type: object, properties: { city: { type: string } } }`")
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
        let given = form.alternatives.filter { section.has($0) }
        guard let kind = given.first else { return readWithoutKind() }
        guard given.count == 1 else {
            section.error(
                "\(section.what) has both `\(kind)` and `\(given[1])`", at: given[1], help: "keep the one that runs it")
            return nil
        }
        refuseStrangers(to: kind)
        switch kind {
        case FunctionKeys.command.name: return readCommand(timeout, parameters)
        case FunctionKeys.worker.name: return readWorker(timeout)
        case FunctionKeys.swift.name: return readSwift()
        default: return kinds.first { $0.name == kind }.flatMap { readExecutor(of: $0, timeout, parameters) }
        }
    }

    /// Reports the options of other kinds of functions.
    private func refuseStrangers(to kind: String) {
        let own =
            switch kind {
            case FunctionKeys.swift.name: "is a Swift function"
            case FunctionKeys.command.name, FunctionKeys.worker.name: "has a `\(kind)`"
            default: "is of the kind `\(kind)`"
            }
        for key in form.strangers(to: kind) where section.has(key.name) {
            let others = key.companions.contains(FunctionKeys.worker.name) ? "commands and workers" : "commands"
            section.error(
                "`\(key.name)` is for \(others), and \(section.what) \(own)", at: key.name, help: "remove `\(key.name)`"
            )
        }
    }

    private mutating func readSwift() -> (any FunctionCallExecutor)? {
        guard let swift = section.read(FunctionKeys.swift) else { return nil }
        if let executor = registered[swift] { return executor }
        let message = "there is no Swift function \(quoted(swift))"
        let help = suggestion(for: swift, among: registered.keys.sorted(), called: "registered functions")
        guard surroundings.startsHandlers else {
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
