import ConfigSource
import EventRouter

/// Puts what the environment holds in the place of `${NAME}` in the options of one handler or source.
///
/// Only string values are replaced, after the file has been parsed: what a variable holds is never syntax, and never a
/// variable again. It never becomes a key or a word of a command either. Whatever is said about the options afterwards says `${NAME}`.
struct VariableReplacement {
    private let variable: @Sendable (String) -> String?
    private let diagnostics: Diagnostics
    /// The variables whose values were put in.
    private(set) var values: [(name: String, value: String)] = []
    /// What was put in.
    private(set) var hidden = HiddenValues()
    /// The texts that came out, by the places of the values.
    private var outcomes: [SourceLocation: String] = [:]
    /// Where something is wrong that was said already.
    private var reported: Set<SourceLocation> = []

    init(_ variable: @escaping @Sendable (String) -> String?, _ diagnostics: Diagnostics) {
        self.variable = variable
        self.diagnostics = diagnostics
    }

    /// The options with their variables replaced, but for the type.
    ///
    /// - Parameters:
    ///   - common: the keys that all types have.
    ///   - options: those of this type; nil if they are not declared.
    mutating func options(_ node: Node, _ common: SectionForm, _ options: SectionForm?) -> Node {
        guard let entries = node.entries else { return node }
        var node = node
        let form = ValueForm.section(SectionForm(common.keys + (options?.keys ?? [])))
        node.content = .mapping(entries.map { $0.name == TypedKeys.type ? $0 : replaced($0, in: form) })
        return node
    }

    /// A value that may be anything, with its variables replaced.
    mutating func value(_ node: Node) -> Node { replaced(node, .anything) }

    /// Runs what reads the replaced options; nothing that it reports shows a value.
    func reporting<Result>(_ body: () -> Result) -> Result {
        diagnostics.filtering(body) { diagnostic in
            var diagnostic = diagnostic
            if let location = diagnostic.location {
                if reported.contains(location) { return nil }
                if let text = outcomes[location] {
                    diagnostic.help = diagnostic.help.flatMap { Self.without(text, $0) }
                }
            }
            diagnostic.message = hidden.hide(in: diagnostic.message)
            diagnostic.help = diagnostic.help.map { hidden.hide(in: $0) }
            for index in diagnostic.notes.indices {
                diagnostic.notes[index].message = hidden.hide(in: diagnostic.notes[index].message)
            }
            return diagnostic
        }
    }

    /// The help on a value, unless it is made of pieces of it.
    private static func without(_ value: String, _ help: String) -> String? {
        let pieces = value.split { !($0.isLetter || $0.isNumber) } + value.split { !$0.isNumber }
        return pieces.contains { help.contains($0) } ? nil : help
    }

    // MARK: - Values

    private mutating func replaced(_ node: Node, _ form: ValueForm) -> Node {
        var node = node
        switch node.content {
        case .scalar(let scalar):
            node.content = .scalar(form.isCommand ? fixed(scalar, node) : replaced(scalar, node))
        case .list(let elements):
            node.content = .list(elements.map { replaced($0, form.element) })
        case .mapping(let entries):
            node.content = .mapping(entries.map { replaced($0, in: form) })
        }
        return node
    }

    private mutating func replaced(_ entry: Node.Entry, in form: ValueForm) -> Node.Entry {
        if let name = VariableText.firstName(in: entry.name), !form.isAnything {
            report("`${\(name)}` is not replaced in a key: only in values", at: entry.key)
        }
        return Node.Entry(key: entry.key, value: replaced(entry.value, form.value(of: entry.name)))
    }

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
        hidden.add(text, as: scalar.text)
        outcomes[node.location] = text
        return Node.Scalar(replaced: text)
    }

    private mutating func value(_ name: String, _ fallback: String?, _ node: Node) -> String? {
        let held = variable(name)
        if let held, fallback == nil || !held.isEmpty {
            values.append((name, held))
            hidden.add(held, as: "${\(name)}")
            return held
        }
        if let fallback { return fallback }
        report(
            "the variable `\(name)` is not set", at: node,
            help: "set it, or say what counts without it: `${\(name):-default}`")
        return nil
    }

    // MARK: - Mistakes

    private mutating func report(_ failure: VariableText.Failure, at node: Node) {
        let help = "write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`"
        switch failure {
        case .isOpen: report("a `}` is missing behind `${`", at: node, help: help)
        case .isNoName(""): report("no name stands between `${` and `}`", at: node, help: help)
        case .isNoName(let text):
            report("\(quoted(text)) between `${` and `}` is no name of a variable", at: node, help: help)
        case .isNested(let name):
            report(
                "the default of `\(name)` asks for another variable, and can only be text", at: node,
                help: "set `\(name)` where this program is started")
        }
    }

    private mutating func report(_ message: String, at node: Node, help: String? = nil) {
        diagnostics.error(message, at: node, help: help)
        reported.insert(node.location)
    }
}

extension ValueForm {
    /// Whether it may be a command, of which nothing is replaced.
    fileprivate var isCommand: Bool {
        switch self {
        case .command, .commandTemplate: true
        case .either(let forms): forms.contains(where: \.isCommand)
        default: false
        }
    }

    fileprivate var isAnything: Bool { if case .anything = self { true } else { false } }

    /// What an element may be where a list may stand.
    fileprivate var element: ValueForm {
        switch self {
        case .command, .commandTemplate: .command
        case .list(let element, _): element
        case .either(let forms): .either(forms.map(\.element))
        case .anything: .anything
        default: .string
        }
    }

    /// What may stand under a key where a mapping may stand. Of a key that nobody declared its name is all there is to go by.
    fileprivate func value(of key: String) -> ValueForm {
        switch self {
        case .command, .commandTemplate: .command
        case .section(let section):
            section.keys.first { $0.name == key }?.value ?? (key == "command" ? .command : .string)
        case .mapping(let value, _): value
        case .either(let forms): .either(forms.map { $0.value(of: key) })
        case .anything: .anything
        default: key == "command" ? .command : .string
        }
    }
}
