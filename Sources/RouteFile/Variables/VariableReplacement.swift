import ConfigSource
import EventRouter

/// Replaces `${NAME}` with the environment variable's value in the options of one handler or source.
///
/// Only string values are replaced, and only after the file has been parsed. So the value of a variable is never parsed
/// as YAML or as another variable, and it never becomes a key or a word of a command. Messages about the options show
/// `${NAME}` instead of the value.
struct VariableReplacement {
    private let variable: @Sendable (String) -> String?
    private let diagnostics: Diagnostics
    /// The variables that were replaced, with their values.
    private(set) var values: [(name: String, value: String)] = []
    /// Hides the values in messages.
    private(set) var mask = ValueMask()
    /// The texts after replacement, by location.
    private var replacedTexts: [SourceLocation: String] = [:]
    /// The locations whose mistakes were already reported.
    private var reported: Set<SourceLocation> = []

    init(_ variable: @escaping @Sendable (String) -> String?, _ diagnostics: Diagnostics) {
        self.variable = variable
        self.diagnostics = diagnostics
    }

    /// The options with their variables replaced, except in `type`.
    ///
    /// - Parameters:
    ///   - common: the keys that all types have.
    ///   - options: the keys of this type; nil if they are not declared.
    mutating func options(_ node: Node, _ common: SectionForm, _ options: SectionForm?) -> Node {
        guard let entries = node.entries else { return node }
        var node = node
        let form = ValueForm.section(SectionForm(common.keys + (options?.keys ?? [])))
        node.content = .mapping(entries.map { $0.name == TypedKeys.type ? $0 : replaced($0, in: form) })
        return node
    }

    /// A value of any form with its variables replaced.
    mutating func value(_ node: Node) -> Node { replaced(node, .anything) }

    /// Runs code that reads the replaced options. Hides the variables' values in the diagnostics that the code reports,
    /// and drops a diagnostic about a location for which this replacement has already reported a mistake.
    func reporting<Result>(_ body: () -> Result) -> Result {
        diagnostics.filtering(body) { diagnostic in
            var diagnostic = diagnostic
            if let location = diagnostic.location {
                if reported.contains(location) { return nil }
                if let text = replacedTexts[location] {
                    diagnostic.help = diagnostic.help.flatMap { Self.without(text, $0) }
                }
            }
            diagnostic.message = mask.hide(in: diagnostic.message)
            diagnostic.help = diagnostic.help.map { mask.hide(in: $0) }
            for index in diagnostic.notes.indices {
                diagnostic.notes[index].message = mask.hide(in: diagnostic.notes[index].message)
            }
            return diagnostic
        }
    }

    /// The help of a diagnostic about a value; nil if the help contains a part of the value.
    private static func without(_ value: String, _ help: String) -> String? {
        let pieces = value.split { !($0.isLetter || $0.isNumber) } + value.split { !$0.isNumber }
        return pieces.contains { help.contains($0) } ? nil : help
    }

    // MARK: - Values

    private mutating func replaced(_ node: Node, _ form: ValueForm) -> Node {
        var node = node
        switch node.content {
        case .scalar(let scalar):
            node.content = .scalar(form.isCommand ? unreplaced(scalar, node) : replaced(scalar, node))
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

    /// A word of a command, in which variables are not replaced. Reports a variable.
    private mutating func unreplaced(_ scalar: Node.Scalar, _ node: Node) -> Node.Scalar {
        guard let name = VariableText.firstName(in: scalar.text) else { return scalar }
        report(
            "`${\(name)}` is not replaced in a command, which runs exactly as written", at: node,
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
        mask.add(text, as: scalar.text)
        replacedTexts[node.location] = text
        return Node.Scalar(replaced: text)
    }

    private mutating func value(_ name: String, _ fallback: String?, _ node: Node) -> String? {
        let held = variable(name)
        if let held, fallback == nil || !held.isEmpty {
            values.append((name, held))
            mask.add(held, as: "${\(name)}")
            return held
        }
        if let fallback { return fallback }
        report(
            "the variable `\(name)` is not set", at: node,
            help: "set it, or give a default: `${\(name):-default}`")
        return nil
    }

    // MARK: - Mistakes

    private mutating func report(_ failure: VariableText.Failure, at node: Node) {
        let help = "write `${NAME}` or `${NAME:-default}`; for the characters `${` themselves write `$${`"
        switch failure {
        case .unterminated: report("a `}` is missing after `${`", at: node, help: help)
        case .invalidName(""): report("there is no name between `${` and `}`", at: node, help: help)
        case .invalidName(let text):
            report("\(quoted(text)) between `${` and `}` is not a variable name", at: node, help: help)
        case .nestedVariable(let name):
            report(
                "the default of `\(name)` contains another variable, but can only be text", at: node,
                help: "set `\(name)` where this program is started")
        }
    }

    private mutating func report(_ message: String, at node: Node, help: String? = nil) {
        diagnostics.error(message, at: node, help: help)
        reported.insert(node.location)
    }
}

extension ValueForm {
    /// Whether the value may be a command, in which variables are not replaced.
    fileprivate var isCommand: Bool {
        switch self {
        case .command, .commandTemplate: true
        case .either(let forms): forms.contains(where: \.isCommand)
        default: false
        }
    }

    fileprivate var isAnything: Bool { if case .anything = self { true } else { false } }

    /// The form of the elements, if the value is a list.
    fileprivate var element: ValueForm {
        switch self {
        case .command, .commandTemplate: .command
        case .list(let element, _): element
        case .either(let forms): .either(forms.map(\.element))
        case .anything: .anything
        default: .string
        }
    }

    /// The form of the value of a key, if the value is a mapping. An undeclared key counts as a command if it is named
    /// `command`.
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
