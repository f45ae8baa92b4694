import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RouteFile

/// Reads a script:
///
/// ```yaml
/// - user: I want a refund
/// - call: get_order
///   arguments: { id: 7 }
/// - agent: Done.
/// ```
struct ScriptReader {
    private static let kinds = ["user", "agent", "call", "interrupt", "error", "wait", "expect"]
    private static let companions = ["user": ["audio"], "interrupt": ["audio"], "call": ["arguments"]]
    /// The longest audio of a turn, so that a typing mistake does not make the mock wait for a day.
    private static let longestAudio = Duration.seconds(600)
    static let defaultAudio = Duration.milliseconds(500)

    private let diagnostics: Diagnostics
    private var steps: [MockStep] = []
    /// Whether the last step is a response to which a following `call` step belongs.
    private var isResponseOpen = false

    init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// Reads the script; returns nil after reporting errors.
    mutating func read(_ file: SourceFile) -> MockRecording? {
        guard let root = YAML.read(file, diagnostics) else { return nil }
        var session = ScriptSession.initial
        guard let nodes = root.list ?? settings(root, &session) else { return nil }
        if nodes.isEmpty { diagnostics.error("the script has no steps", at: root) }
        for node in nodes { addStep(node) }
        guard !diagnostics.hasErrors else { return nil }
        let created: JSONObject = [
            "type": "session.created", "event_id": "event_1", "session": .object(session),
        ]
        steps.insert(MockStep(.send(created), line: 1), at: 0)
        return MockRecording(path: file.path, steps: steps, session: session, dialect: .ga, isScript: true)
    }

    /// Reads the form of a script that is a mapping with `model`, `session` and `steps`.
    private func settings(_ root: Node, _ session: inout JSONObject) -> [Node]? {
        guard root.entries != nil else {
            diagnostics.error(
                "a script must be a list of steps, and this is \(root.kindDescription)", at: root,
                help: "write `- user: Hello` and `- agent: Hi!`")
            return nil
        }
        guard var section = Section(root, what: "the script", diagnostics) else { return nil }
        let model = section.string("model")
        let changes = section.node("session")
        _ = section.require("steps", help: "write `steps:` and below it `- user: Hello`")
        let steps = section.list("steps")
        section.finish()
        if let changes {
            guard case .object(let members) = JSONValue(changes) else {
                diagnostics.error("`session` must be a mapping, and this is \(changes.kindDescription)", at: changes)
                return nil
            }
            session = ScriptSession.merged(session, members)
        }
        if let model { session["model"] = .string(model) }
        return steps
    }

    private mutating func addStep(_ node: Node) {
        guard let entries = node.entries else {
            let help = node.string == nil ? nil : "write `agent: …` or `user: …` before it"
            diagnostics.error("a step must be a mapping, and this is \(node.kindDescription)", at: node, help: help)
            return
        }
        let given = entries.filter { Self.kinds.contains($0.name) }
        guard let kind = given.first else {
            return noKind(entries, node)
        }
        if given.count > 1 {
            diagnostics.error(
                "a step is one of \(Self.kindsInWords), and this one is \(quoted(kind.name)) already", at: given[1].key,
                help: "begin a step of its own with `- \(given[1].name): …`")
            return
        }
        guard var section = Section(node, what: "the step", diagnostics) else { return }
        section.know([kind.name] + (Self.companions[kind.name] ?? []))
        add(kind, &section)
        section.finish()
    }

    private func noKind(_ entries: [Node.Entry], _ node: Node) {
        guard let first = entries.first else {
            return diagnostics.error("a step is one of \(Self.kindsInWords), and this one is empty", at: node)
        }
        let help = suggestion(for: first.name, among: Self.kinds, called: "steps")
        diagnostics.error("there is no step \(quoted(first.name))", at: first.key, help: help)
    }

    private static let kindsInWords = kinds.map { "`\($0)`" }.joined(separator: ", ")

    private mutating func add(_ kind: Node.Entry, _ section: inout Section) {
        let line = section.node.location.line
        let wasOpen = isResponseOpen
        isResponseOpen = false
        switch kind.name {
        case "user": if let user = user("user", &section) { append(.turn(.user(user)), line) }
        case "interrupt": interrupt(kind, &section)
        case "agent":
            guard let text = section.string("agent") else { return }
            append(.turn(.response(ScriptTurn.Response(text: text))), line)
            isResponseOpen = true
        case "call": addCalls(calls(kind.value, &section), line, toLast: wasOpen)
        case "error": error(kind.value, line)
        case "wait":
            let limit = Duration.zero...Duration.seconds(3600)
            if let time = section.duration("wait", in: limit) { append(.pause(time), line) }
        default: expect(kind.value, line)
        }
    }

    private mutating func append(_ action: MockStep.Action, _ line: Int) { steps.append(MockStep(action, line: line)) }

    private func user(_ key: String, _ section: inout Section) -> ScriptTurn.User? {
        let audio = section.duration("audio", in: .milliseconds(100)...Self.longestAudio) ?? Self.defaultAudio
        return section.string(key).map { ScriptTurn.User(text: $0, audio: audio) }
    }

    private mutating func interrupt(_ kind: Node.Entry, _ section: inout Section) {
        guard let user = user("interrupt", &section) else { return }
        guard let last = steps.indices.last, case .turn(.response(var response)) = steps[last].action,
            response.text != nil, response.calls.isEmpty, response.interruption == nil
        else {
            diagnostics.error(
                "`interrupt` must follow an `agent` step without calls, whose answer it interrupts", at: kind.key)
            return
        }
        response.interruption = user
        steps[last].action = .turn(.response(response))
    }

    private mutating func addCalls(_ calls: [ScriptTurn.Call], _ line: Int, toLast: Bool) {
        guard !calls.isEmpty else { return }
        isResponseOpen = true
        if toLast, let last = steps.indices.last, case .turn(.response(var response)) = steps[last].action {
            response.calls += calls
            steps[last].action = .turn(.response(response))
        } else {
            append(.turn(.response(ScriptTurn.Response(text: nil, calls: calls))), line)
        }
    }

    /// `call: NAME` with `arguments`, `call: { NAME: ARGUMENTS, … }`, or `call: "NAME ARGUMENTS"`.
    private func calls(_ node: Node, _ section: inout Section) -> [ScriptTurn.Call] {
        let arguments = section.node("arguments")
        if let entries = node.entries {
            if let arguments {
                diagnostics.error("`arguments` goes with `call: NAME`", at: arguments)
            }
            return entries.compactMap { call($0.name, $0.value) }
        }
        guard let text = section.string("call") else { return [] }
        guard let brace = text.firstIndex(of: "{") else { return call(text, arguments).map { [$0] } ?? [] }
        let file = SourceFile(path: node.file?.path ?? "script", text: String(text[brace...]))
        let inner = Diagnostics()
        guard arguments == nil, let value = YAML.read(file, inner) else {
            diagnostics.error(
                "the arguments in \(quoted(text)) are no mapping", at: node,
                help: "write `call: NAME` and below it `arguments: { … }`")
            return []
        }
        return call(text[..<brace].split(separator: " ").joined(separator: " "), value).map { [$0] } ?? []
    }

    private func call(_ name: String, _ arguments: Node?) -> ScriptTurn.Call? {
        guard let arguments, !arguments.isNull else { return ScriptTurn.Call(name: name, arguments: [:]) }
        guard arguments.entries != nil || arguments.string != nil else {
            diagnostics.error(
                "the arguments of \(quoted(name)) must be a mapping, and this is \(arguments.kindDescription)",
                at: arguments)
            return nil
        }
        return ScriptTurn.Call(name: name, arguments: JSONValue(arguments))
    }

    private mutating func error(_ node: Node, _ line: Int) {
        var error: JSONObject = ["type": "server_error", "code": nil, "message": "", "param": nil, "event_id": nil]
        if let text = node.string {
            error["message"] = .string(text)
        } else {
            guard var section = Section(node, what: "the error", diagnostics) else { return }
            for key in ["type", "code", "message", "param"] {
                if let text = section.string(key) { error[key] = .string(text) }
            }
            section.finish()
        }
        append(.turn(.error(error)), line)
    }

    private mutating func expect(_ node: Node, _ line: Int) {
        guard let pattern = Pattern(node, diagnostics) else { return }
        let text = JSONValue(node).description
        append(.await(.expectation(EventExpectation(pattern, text: text))), line)
    }
}
