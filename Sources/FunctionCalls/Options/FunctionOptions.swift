import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents
import SchemaValidation

/// Reads one entry of `functions`.
struct FunctionOptions {
    let name: String
    var section: Section
    /// The function's declaration in the file of tool definitions; nil if there is none.
    private let declared: ToolDeclaration?
    private let registered: [String: any FunctionCallExecutor]
    /// The registered kinds of functions, in addition to the built-in ones.
    let kinds: [ExecutorKind]
    let form: SectionForm
    let context: HandlerContext
    /// The names of the arguments that must not be written.
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
        context = options.context
    }

    var folder: String { context.folder }
    var clock: any RouterClock { context.clock }
    var looksForPrograms: Bool { context.looksForPrograms }

    /// Reads all options. Reports errors, and returns nil if no function can be created.
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
        let present = form.alternatives.filter { section.has($0) }
        guard let kind = present.first else { return readWithoutKind() }
        guard present.count == 1 else {
            section.error(
                "\(section.what) has both `\(kind)` and `\(present[1])`", at: present[1],
                help: "keep the one that runs it")
            return nil
        }
        reportForeignKeys(to: kind)
        switch kind {
        case FunctionKeys.command.name: return readCommand(timeout, parameters)
        case FunctionKeys.worker.name: return readWorker(timeout)
        case FunctionKeys.swift.name: return readSwift()
        default: return kinds.first { $0.name == kind }.flatMap { readExecutor(of: $0, timeout, parameters) }
        }
    }

    /// Reports options that belong to other kinds of functions.
    private func reportForeignKeys(to kind: String) {
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
        guard context.startsHandlers else {
            section.diagnostics.warning(
                message + " in this program", at: section.node["swift"] ?? section.node, help: help)
            return UnregisteredFunction()
        }
        section.error(message, at: "swift", help: help)
        return nil
    }
}

extension Node {
    /// The node of a schema problem. A schema may be shared by several nodes; then this is the nearest node that still
    /// exists.
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

// Registered and unknown kinds of functions.
extension FunctionOptions {
    /// Lets the factory of a registered kind read its options.
    mutating func readExecutor(
        of kind: ExecutorKind, _ timeout: Duration, _ parameters: JSONSchema?
    ) -> (any FunctionCallExecutor)? {
        let what = "`\(kind.name)` of \(section.what)"
        guard let node = section.node(kind.name), var own = Section(node, what: what, section.diagnostics) else {
            return nil
        }
        if let form = kind.options { own.declare(form) }
        var options = ExecutorOptions(
            name: name, section: own, context: context, timeout: timeout, parameters: parameters?.source,
            redacted: redacted)
        let problems = section.diagnostics.items.count
        let executor = kind.make(&options)
        options.section.finish()
        if executor == nil, section.diagnostics.items.count == problems {
            section.diagnostics.error("\(what) cannot be made of these options", at: node)
        }
        return executor
    }

    /// Reports that no key says what runs the function.
    mutating func readWithoutKind() -> (any FunctionCallExecutor)? {
        if let entry = unknownKind { return readUnregistered(entry) }
        let names = form.alternatives.map { "`\($0)`" }
        section.diagnostics.error(
            "\(section.what) needs \(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")",
            at: section.node,
            help: "a local command, `command: [./bin/\(name)]`, one that stays, `worker: [./bin/\(name)]`, "
                + (kinds.isEmpty ? "or " : "") + "a function registered in code, `swift: \(name)`"
                + (kinds.isEmpty ? "" : ", or the options of a kind, `\(kinds[0].name): {…}`"))
        return nil
    }

    /// The first unknown key that looks like a kind: its name resembles that of a kind, or its value is a mapping.
    private var unknownKind: Node.Entry? {
        let kinds = form.alternatives
        let others = form.names.filter { !kinds.contains($0) }
        return section.node.entries?.first { entry in
            guard !form.names.contains(entry.name) else { return false }
            if misspelled(entry.name, among: kinds, mistakes: 2) != nil { return true }
            return entry.value.entries != nil && misspelled(entry.name, among: others, mistakes: 2) == nil
        }
    }

    private mutating func readUnregistered(_ entry: Node.Entry) -> (any FunctionCallExecutor)? {
        section.excuse(entry.name)
        let message = "there is no kind of function \(quoted(entry.name))"
        guard !context.startsHandlers, misspelled(entry.name, among: form.alternatives, mistakes: 2) == nil else {
            let help = suggestion(for: entry.name, among: form.alternatives, called: "kinds of functions")
            section.diagnostics.error(message, at: entry.key, help: help)
            return nil
        }
        section.diagnostics.warning(
            message + " in this program", at: entry.key,
            help: "only a program that registers it can run this file; "
                + suggestion(for: entry.name, among: form.alternatives, called: "the kinds here"))
        return UnregisteredFunction()
    }
}

/// Stands for a Swift function that this program does not have, in commands that start no handlers.
struct UnregisteredFunction: FunctionCallExecutor {
    func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        preconditionFailure("a file with unregistered functions was loaded to be started")
    }
}

/// The names of the arguments that a schema declares.
struct ParameterNames {
    let names: [String]
    private let isOpen: Bool

    /// Keywords with which a schema can declare arguments outside `properties`.
    private static let composing = [
        "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas",
    ]

    init(_ parameters: JSONValue?) {
        names = parameters?["properties"]?.object?.keys ?? []
        isOpen = names.isEmpty || Self.composing.contains { parameters?[$0] != nil }
    }

    /// Whether a call may have an argument of this name, as far as the schema says.
    func mayContain(_ name: String) -> Bool { isOpen || names.contains(name) }
}
