import ConfigSource
import EventRouter

/// Puts what the environment holds in the place of `${NAME}` in the options of one handler.
///
/// Only string values are replaced, after the file has been parsed: what a variable holds is never syntax. It never becomes a
/// word of a command either. Whatever is said about the options afterwards says `${NAME}`.
struct VariableReplacement {
    private let variable: @Sendable (String) -> String?
    private let diagnostics: Diagnostics
    /// What stands for what, in the file: the longest value first.
    private var hidden: [HiddenValue] = []
    /// Where something is wrong that was said already.
    private var reported: Set<SourceLocation> = []

    init(_ variable: @escaping @Sendable (String) -> String?, _ diagnostics: Diagnostics) {
        self.variable = variable
        self.diagnostics = diagnostics
    }

    /// A handler with its variables replaced; its type is none of its options.
    mutating func handler(_ node: Node, _ options: SectionForm?) -> Node {
        guard let entries = node.entries else { return node }
        var node = node
        let keys = HandlerKeys.form.keys + (options?.keys ?? [])
        node.content = .mapping(
            entries.map { entry in
                guard entry.name != HandlerKeys.type.name else { return entry }
                let form = keys.first { $0.name == entry.name }?.value ?? Self.undeclared(entry.name)
                return Node.Entry(key: entry.key, value: replaced(entry.value, form))
            })
        return node
    }

    /// Runs what reads the replaced options; nothing that it reports shows a value.
    func reporting<Result>(_ body: () -> Result) -> Result {
        diagnostics.filtering(body) { diagnostic in
            if let location = diagnostic.location, reported.contains(location) { return nil }
            var diagnostic = diagnostic
            for value in hidden {
                diagnostic.message = value.hide(in: diagnostic.message)
                diagnostic.help = diagnostic.help.map { value.hide(in: $0) }
                for index in diagnostic.notes.indices {
                    diagnostic.notes[index].message = value.hide(in: diagnostic.notes[index].message)
                }
            }
            return diagnostic
        }
    }

    /// What may stand under an option that its type did not declare: by its name, a command.
    private static func undeclared(_ key: String) -> ValueForm? { key == "command" ? .command : nil }

    /// A value with its variables replaced; without a form, the names of the keys are all there is to go by.
    private mutating func replaced(_ node: Node, _ form: ValueForm?) -> Node {
        var node = node
        switch node.content {
        case .scalar(let scalar):
            node.content = .scalar(isCommand(form) ? fixed(scalar, node) : replaced(scalar, node))
        case .list(let elements):
            var element: ValueForm?
            switch form {
            case .command: element = .command
            case .list(let form, _)?: element = form
            case .anything?: element = .anything
            default: break
            }
            node.content = .list(elements.map { replaced($0, element) })
        case .mapping(let entries):
            node.content = .mapping(
                entries.map { entry in
                    let form: ValueForm? =
                        switch form {
                        case .section(let section)?: section.keys.first { $0.name == entry.name }?.value
                        case .mapping(let value)?: value
                        case .anything?: .anything
                        case .command?: .command
                        default: Self.undeclared(entry.name)
                        }
                    return Node.Entry(key: entry.key, value: replaced(entry.value, form))
                })
        }
        return node
    }

    private func isCommand(_ form: ValueForm?) -> Bool { if case .command? = form { true } else { false } }

    /// A word of a command: what stands there is what is run.
    private mutating func fixed(_ scalar: Node.Scalar, _ node: Node) -> Node.Scalar {
        guard let name = VariableText.firstName(in: scalar.text) else { return scalar }
        report(
            "`${\(name)}` is not replaced in a command: what runs is what stands here", at: node,
            help: "let the program read the variable itself: `env: [\(name)]`")
        return scalar
    }

    private mutating func replaced(_ scalar: Node.Scalar, _ node: Node) -> Node.Scalar {
        guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return scalar }
        let pieces: [VariableText.Piece]
        do throws(VariableText.Failure) {
            pieces = try VariableText(scalar.text).pieces
        } catch {
            report(error, at: node)
            return scalar
        }
        var text = ""
        var isReplaced = false
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .variable(let name, let fallback):
                guard let value = value(name, fallback, node) else { return scalar }
                text += value
                isReplaced = true
            }
        }
        guard isReplaced else { return Node.Scalar(text, isQuoted: scalar.isQuoted) }
        hide(text, as: scalar.text)
        return Node.Scalar(replaced: text)
    }

    private mutating func value(_ name: String, _ fallback: String?, _ node: Node) -> String? {
        let held = variable(name)
        if let held, fallback == nil || !held.isEmpty {
            hide(held, as: "${\(name)}")
            return held
        }
        if let fallback { return fallback }
        report(
            "the variable `\(name)` is not set", at: node,
            help: "set it, or say what counts without it: `${\(name):-default}`")
        return nil
    }

    private mutating func report(_ failure: VariableText.Failure, at node: Node) {
        let help = "write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`"
        switch failure {
        case .isOpen: report("a `}` is missing behind `${`", at: node, help: help)
        case .isNoName(let text):
            report("\(quoted(text)) between `${` and `}` is no name of a variable", at: node, help: help)
        }
    }

    private mutating func report(_ message: String, at node: Node, help: String) {
        diagnostics.error(message, at: node, help: help)
        reported.insert(node.location)
    }

    private mutating func hide(_ value: String, as written: String) {
        guard !value.isEmpty, value != written else { return }
        hidden.append(HiddenValue(value: value, written: written))
        hidden.sort { $0.value.utf8.count > $1.value.utf8.count }
    }
}
