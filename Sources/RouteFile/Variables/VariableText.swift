import ConfigSource

/// A text that can contain variables (`${NAME}`), split into pieces.
struct VariableText {
    /// A piece of the text.
    enum Piece: Hashable {
        /// Plain text.
        case text(String)
        /// A variable, and its default if it is unset or empty.
        case variable(name: String, default: String?)
    }

    /// The reason why a text cannot be parsed.
    enum Failure: Error {
        /// There is no `}` after `${`.
        case unterminated
        /// The text between the braces is not a name, with or without a default.
        case invalidName(String)
        /// The default of this variable contains another variable.
        case nestedVariable(String)
    }

    /// The pieces, in order.
    private(set) var pieces: [Piece] = []

    /// A regular expression, in the syntax of JSON Schema, that matches texts with a variable.
    static let pattern = #"(^|[^$])\$\{[A-Za-z_][A-Za-z0-9_]*(:-([^}$]|\$(?!\{))*)?\}"#

    /// Parses a text. `$${` means the characters `${`.
    init(_ text: String) throws(Failure) {
        var plain = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            plain += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                plain += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                guard let end = rest.firstIndex(of: "}") else { throw .unterminated }
                pieces.append(try Self.variable(rest[rest.index(dollar, offsetBy: 2)..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                plain += "$"
                rest = rest.dropFirst()
            }
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.text(plain)) }
    }

    /// The name of the first valid variable in a text; nil if there is none.
    static func firstName(in text: String) -> String? {
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                rest = rest.dropFirst(3)
                continue
            }
            let inner = rest.hasPrefix("${") ? rest.dropFirst(2) : ""
            if let end = inner.firstIndex(of: "}"), case .variable(let name, _)? = try? variable(inner[..<end]) {
                return name
            }
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func variable(_ inner: Substring) throws(Failure) -> Piece {
        let name = inner.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber else { throw .invalidName(String(inner)) }
        let rest = inner[name.endIndex...]
        if rest.isEmpty { return .variable(name: String(name), default: nil) }
        guard rest.hasPrefix(":-") else { throw .invalidName(String(inner)) }
        let fallback = rest.dropFirst(2)
        // The `}` that was found belongs to the inner variable.
        guard !fallback.contains("${") else { throw .nestedVariable(String(name)) }
        return .variable(name: String(name), default: String(fallback))
    }
}

/// Reports `${NAME}` where it is not replaced: everywhere except in `session` and in the options of handlers and
/// sources.
struct VariableLint {
    let diagnostics: Diagnostics

    /// Checks a whole file, except `session`, the options of handlers and sources, and the events of tests, which may
    /// contain anything.
    func check(_ root: Node) {
        for entry in root.entries ?? [] {
            switch entry.name {
            case FileKeys.handlers.name, FileKeys.sources.name:
                for named in entry.value.entries ?? [] { check(named.key, isMatch: false) }
            case FileKeys.session.name: break
            case FileKeys.tests.name:
                for test in entry.value.list ?? [] { checkTest(test) }
            default:
                check(entry.value, isMatch: false)
            }
        }
    }

    private func checkTest(_ test: Node) {
        for entry in test.entries ?? [] where !TestKeys.events.map(\.name).contains(entry.name) {
            check(entry.value, isMatch: false)
        }
    }

    private func check(_ node: Node, isMatch: Bool) {
        switch node.content {
        case .scalar(let scalar):
            guard let name = VariableText.firstName(in: scalar.text) else { return }
            diagnostics.error(
                "`${\(name)}` is not replaced \(isMatch ? "in a match" : "here"): only in `session` and in the options of handlers and sources",
                at: node, help: isMatch ? "for the characters themselves write `[{regexp: '\\$\\{\(name)\\}'}]`" : nil)
        case .list(let elements):
            for element in elements { check(element, isMatch: isMatch) }
        case .mapping(let entries):
            for entry in entries {
                check(entry.key, isMatch: false)
                check(entry.value, isMatch: isMatch || entry.name == RouteKeys.match.name)
            }
        }
    }
}
