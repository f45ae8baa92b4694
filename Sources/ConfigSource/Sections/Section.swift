/// Typed, checked access to one mapping of a configuration.
///
/// Ask for each key that the section may have, then call ``finish()``: whatever was not asked for is an unknown key. A
/// key that is absent gives nil; one with the wrong kind of value gives nil too and leaves an error in ``diagnostics``.
/// So nil says nothing about whether there was an error; ``Diagnostics/hasErrors`` does.
///
/// ```swift
/// guard var options = Section(node, what: "the handler `page`", diagnostics) else { return nil }
/// let timeout = options.duration("timeout") ?? .seconds(10)
/// let output = options.requiredString("output")
/// options.finish()
/// ```
public struct Section {
    /// The mapping.
    public let node: Node
    /// What the mapping is, for messages: "a route", "the handler `page`".
    public let what: String
    /// Where errors go.
    public let diagnostics: Diagnostics

    private let entries: [String: Node.Entry]
    private let order: [String]
    private var known: [String] = []
    /// Whether the known keys were declared, so that asking for others does not make them known.
    private var isDeclared = false
    /// What is known of keys that belong elsewhere.
    private var misplaced: @Sendable (Node.Entry) -> MisplacedKey? = { _ in nil }
    /// The keys that are absent and have to be there, with what was said about it.
    private var missing: [String: Diagnostic] = [:]

    /// Access to a mapping; anything else is an error, and nil.
    public init?(_ node: Node, what: String, _ diagnostics: Diagnostics) {
        guard let entries = node.entries else {
            let help = Self.missingBlank(node)
            diagnostics.error("\(what) must be a mapping, and this is \(node.kindDescription)", at: node, help: help)
            return nil
        }
        self.node = node
        self.what = what
        self.diagnostics = diagnostics
        self.entries = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        order = entries.map(\.name)
    }

    /// Access to a mapping whose keys are declared; anything else is an error, and nil.
    public init?(_ node: Node, what: String, _ form: SectionForm, _ diagnostics: Diagnostics) {
        self.init(node, what: what, diagnostics)
        declare(form)
    }

    /// Says which keys there are, beside those that are known already. From now on only declared keys are known:
    /// another one stays unknown even when it is asked for.
    public mutating func declare(_ form: SectionForm) {
        know(form.names)
        misplaced = form.misplaced
        isDeclared = true
    }

    /// `name:value` is one string: the commonest way to write a mapping that is none.
    private static func missingBlank(_ node: Node) -> String? {
        guard let scalar = node.scalar, !scalar.isQuoted, let colon = scalar.text.firstIndex(of: ":"),
            colon != scalar.text.startIndex, scalar.text.index(after: colon) != scalar.text.endIndex
        else { return nil }
        let key = scalar.text[..<colon]
        let value = scalar.text[scalar.text.index(after: colon)...]
        return "put a space after the colon: `\(key): \(value)`"
    }

    /// The entry of a key, which is known from now on.
    public mutating func entry(_ key: String) -> Node.Entry? {
        know([key])
        return entries[key]
    }

    /// The value of a key, whatever it is.
    public mutating func node(_ key: String) -> Node? { entry(key)?.value }

    /// Takes keys for known that somebody else reads; without effect once the keys are declared.
    public mutating func know(_ keys: [String]) {
        guard !isDeclared else { return }
        for key in keys where !known.contains(key) { known.append(key) }
    }

    /// Takes a key for known that is not declared, because its reader reports it in words of its own.
    public mutating func excuse(_ key: String) { if !known.contains(key) { known.append(key) } }

    /// The keys that are known by now.
    public var knownKeys: [String] { known }

    /// The keys of the mapping, in the order of the file.
    public var keys: [String] { order }

    /// Whether the mapping has a key. The key is not known by that.
    public func has(_ key: String) -> Bool { entries[key] != nil }

    /// Where a key stands; nil when it is absent or the mapping was made in code.
    public func location(of key: String) -> SourceLocation? {
        guard let node = entries[key]?.key, node.file != nil else { return nil }
        return node.location
    }

    /// Adds an error at the value of a key, or at the section when the key is absent.
    public func error(_ message: String, at key: String, help: String? = nil) {
        diagnostics.error(message, at: entries[key]?.value ?? node, help: help)
    }

    /// Reports every key that nobody asked for, with the nearest known one.
    public mutating func finish() {
        for key in order where !known.contains(key) {
            guard let entry = entries[key] else { continue }
            let elsewhere = misplaced(entry)
            let help = elsewhere?.help ?? suggestion(for: key, among: known, called: "known keys")
            diagnostics.error("unknown key \(quoted(key))", at: entry.key, help: help)
            // A key that is misspelt is not missing too.
            let meant = elsewhere.map(\.meant) ?? closest(to: key, among: known)
            if let meant, let said = missing[meant] { diagnostics.withdraw(said) }
        }
    }

    /// Whether a key is there that has to be; if it is not, that is an error. The key is known from now on.
    public mutating func require(_ key: String, help: String? = nil) -> Bool {
        know([key])
        guard entries[key] == nil else { return true }
        let location = node.file == nil ? nil : node.location
        let diagnostic = Diagnostic(.error, "\(what) needs the key `\(key)`", at: location, in: node.file, help: help)
        missing[key] = diagnostic
        diagnostics.add(diagnostic)
        return false
    }

    /// Reports that a value is of the wrong kind.
    func wrongKind(_ key: String, _ node: Node, mustBe: String, help: String? = nil) {
        if node.isNull {
            diagnostics.error("`\(key)` has no value, and must be \(mustBe)", at: node, help: help)
        } else {
            diagnostics.error("`\(key)` must be \(mustBe), and this is \(node.kindDescription)", at: node, help: help)
        }
    }
}

extension Node {
    /// What it is, with its text where that is short: "a list", "the string `yes`".
    public var kindDescription: String {
        switch scalar?.value {
        case .string(let text): "the string \(quoted(text))"
        case .number(let text): "the number \(quoted(text))"
        default: kindName
        }
    }
}
