import ConfigSource

/// A text with `${NAME}`s in it, taken apart.
struct VariableText {
    /// A piece of it.
    enum Piece: Hashable {
        /// Characters that mean themselves.
        case text(String)
        /// A variable, and what counts when it is not set or empty.
        case variable(name: String, default: String?)
    }

    /// Why a text cannot be taken apart.
    enum Failure: Error {
        /// No `}` follows.
        case isOpen
        /// Between the braces stands something else than a name, with or without a default.
        case isNoName(String)
        /// The default of a variable asks for another one.
        case isNested(String)
    }

    /// The pieces, in their order.
    private(set) var pieces: [Piece] = []

    /// A regular expression, as JSON Schema takes it, that texts with a variable in them fit.
    static let pattern = #"(^|[^$])\$\{[A-Za-z_][A-Za-z0-9_]*(:-([^}$]|\$(?!\{))*)?\}"#

    /// Takes a text apart. `$${` stands for the characters `${`.
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
                guard let end = rest.firstIndex(of: "}") else { throw .isOpen }
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

    /// The name of the first variable that a text asks for; nil when there is none, whatever else stands in it.
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
        guard let first = name.first, !first.isNumber else { throw .isNoName(String(inner)) }
        let rest = inner[name.endIndex...]
        if rest.isEmpty { return .variable(name: String(name), default: nil) }
        guard rest.hasPrefix(":-") else { throw .isNoName(String(inner)) }
        let fallback = rest.dropFirst(2)
        // The `}` that was found belongs to the inner one.
        guard !fallback.contains("${") else { throw .isNested(String(name)) }
        return .variable(name: String(name), default: String(fallback))
    }
}

/// Refuses `${NAME}` where it is not replaced, so that nobody waits for it: everywhere but in `session` and in the options of
/// handlers and sources.
struct VariableLint {
    let diagnostics: Diagnostics

    /// Looks through a whole file, but for `session`, the options of handlers and sources, and the events of tests, which may say anything.
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
