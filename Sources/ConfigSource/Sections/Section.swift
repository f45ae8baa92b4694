/// Typed, checked access to one mapping of a configuration.
///
/// Read each key that the section may have, then call ``finish()``: every key that was not read is an unknown key.
/// Reading returns nil for an absent key. It also returns nil for a value of the wrong kind, and adds an error to
/// ``diagnostics``. So nil does not tell whether there was an error; ``Diagnostics/hasErrors`` does.
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
    /// A description of the mapping for messages: "a route", "the handler `page`".
    public let what: String
    /// The collector of errors.
    public let diagnostics: Diagnostics

    private var entries: [String: Node.Entry]
    private var order: [String]
    private var known: [String] = []
    /// Whether the known keys were declared. If so, reading another key does not make it known.
    private var isDeclared = false
    /// Returns what to write for a key that belongs elsewhere.
    private var misplaced: @Sendable (Node.Entry) -> MisplacedKey? = { _ in nil }
    /// The missing required keys, with the errors that were reported.
    private var missing: [String: Diagnostic] = [:]

    /// Creates a section for a mapping. Any other node is an error, and returns nil.
    public init?(_ node: Node, what: String, _ diagnostics: Diagnostics) {
        guard let entries = node.entries else {
            let help = Self.missingSpaceHelp(node)
            diagnostics.error("\(what) must be a mapping, and this is \(node.kindDescription)", at: node, help: help)
            return nil
        }
        self.node = node
        self.what = what
        self.diagnostics = diagnostics
        self.entries = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        order = entries.map(\.name)
    }

    /// Creates a section for a mapping with declared keys. Any other node is an error, and returns nil.
    public init?(_ node: Node, what: String, _ form: SectionForm, _ diagnostics: Diagnostics) {
        self.init(node, what: what, diagnostics)
        declare(form)
    }

    /// Declares keys, in addition to those that are known already. From now on, only declared keys are known: reading
    /// another key does not make it known.
    public mutating func declare(_ form: SectionForm) {
        for key in form.keys { acceptFormerName(of: key) }
        know(form.names)
        misplaced = form.misplaced
        isDeclared = true
    }

    /// Renames the entry of a key that is written by its former name, and adds a warning.
    private mutating func acceptFormerName(of key: KeyForm) {
        guard let former = key.formerName, let entry = entries[former] else { return }
        guard entries[key.name] == nil else {
            diagnostics.error(
                "`\(former)` is the former name of `\(key.name)`, which is present too", at: entry.key,
                help: "remove `\(former)`")
            return excuse(former)
        }
        diagnostics.warning(
            "`\(former)` is now called `\(key.name)`", at: entry.key,
            help: "write `\(key.name)`: the next version does not accept `\(former)`")
        entries[former] = nil
        entries[key.name] = entry
        order = order.map { $0 == former ? key.name : $0 }
    }

    /// The help for `name:value`, which is one string: the most common mistake in writing a mapping.
    private static func missingSpaceHelp(_ node: Node) -> String? {
        guard let scalar = node.scalar, !scalar.isQuoted, let colon = scalar.text.firstIndex(of: ":"),
            colon != scalar.text.startIndex, scalar.text.index(after: colon) != scalar.text.endIndex
        else { return nil }
        let key = scalar.text[..<colon]
        let value = scalar.text[scalar.text.index(after: colon)...]
        return "put a space after the colon: `\(key): \(value)`"
    }

    /// The entry of a key. The key is known from now on.
    public mutating func entry(_ key: String) -> Node.Entry? {
        know([key])
        return entries[key]
    }

    /// The value of a key, of any kind.
    public mutating func node(_ key: String) -> Node? { entry(key)?.value }

    /// Marks keys as known that other code reads. Has no effect once keys are declared.
    public mutating func know(_ keys: [String]) {
        guard !isDeclared else { return }
        for key in keys where !known.contains(key) { known.append(key) }
    }

    /// Marks a key as known that is not declared, because other code reports it with a better message.
    public mutating func excuse(_ key: String) { if !known.contains(key) { known.append(key) } }

    /// The keys that are known so far.
    public var knownKeys: [String] { known }

    /// The keys of the mapping, in the order of the file.
    public var keys: [String] { order }

    /// Whether the mapping has a key. Does not make the key known.
    public func has(_ key: String) -> Bool { entries[key] != nil }

    /// The place of a key; nil if the key is absent or the mapping was created in code.
    public func location(of key: String) -> SourceLocation? {
        guard let node = entries[key]?.key, node.file != nil else { return nil }
        return node.location
    }

    /// Adds an error at the value of a key, or at the section if the key is absent.
    public func error(_ message: String, at key: String, help: String? = nil) {
        diagnostics.error(message, at: entries[key]?.value ?? node, help: help)
    }

    /// Reports every unknown key, with the most similar known one.
    public mutating func finish() {
        for key in order where !known.contains(key) {
            guard let entry = entries[key] else { continue }
            let elsewhere = misplaced(entry)
            let help = elsewhere?.help ?? suggestion(for: key, among: known, called: "known keys")
            diagnostics.error("unknown key \(quoted(key))", at: entry.key, help: help)
            // A misspelt key is not reported as missing too.
            let meant = elsewhere.map(\.meant) ?? closest(to: key, among: known)
            if let meant, let said = missing[meant] { diagnostics.remove(said) }
        }
    }

    /// Whether a required key is present; if not, adds an error. The key is known from now on.
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
    /// The kind of the node, with the beginning of its text: "a list", "the string `yes`".
    public var kindDescription: String {
        switch scalar?.value {
        case .string(let text): "the string \(quoted(text))"
        case .number(let text): "the number \(quoted(text))"
        default: kindName
        }
    }
}
