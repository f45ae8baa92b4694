import ConfigSource
import EventJSON
import LinearExpressions

/// Parses a pattern from nodes, and reports every error at its location.
struct PatternReader {
    let lists: [String: [JSONValue]]
    let canonicalType: (String) -> String
    let diagnostics: Diagnostics
    /// Whether an error was reported, so that the pattern is unusable.
    private(set) var hasFailed = false
    /// The path of the field that is being read.
    private(set) var path: [String] = []

    init(lists: [String: [JSONValue]], canonicalType: @escaping (String) -> String, diagnostics: Diagnostics) {
        self.lists = lists
        self.canonicalType = canonicalType
        self.diagnostics = diagnostics
    }

    /// Reports an error.
    mutating func fail(_ message: String, at node: Node, help: String? = nil) {
        hasFailed = true
        diagnostics.error(message, at: node, help: help)
    }

    /// Reports the error of an operator's argument.
    mutating func fail(_ error: ExpressionError, at node: Node) {
        fail(error.message, at: node, help: error.help)
    }

    /// Parses a whole pattern.
    mutating func pattern(_ node: Node) -> FieldGroup? {
        guard let entries = node.entries else {
            fail(
                "a pattern is a mapping of fields, not \(node.kindName)", at: node,
                help: ForeignCombination.help(forPattern: node))
            return nil
        }
        guard !entries.isEmpty else {
            fail("the pattern names no field", at: node, help: "an empty pattern would match every event: leave it out")
            return nil
        }
        guard !areOperators(entries) else {
            fail(
                "\(quoted(entries[0].name)) is an operator, and a pattern begins with a field", at: entries[0].key,
                help: "write `field: [{\(entries[0].name): …}]`")
            return nil
        }
        return group(entries)
    }

    /// Parses the fields of one mapping.
    private mutating func group(_ entries: [Node.Entry]) -> FieldGroup {
        var group = FieldGroup()
        for entry in entries {
            switch entry.name {
            case "$or":
                if let disjunction = disjunction(entry) { group.disjunctions.append(disjunction) }
            case _ where ForeignCombination(entry) != nil:
                failUnknownCombination(entry)
            default:
                if let field = field(entry) { group.fields.append(field) }
            }
        }
        return group
    }

    private mutating func failUnknownCombination(_ entry: Node.Entry) {
        fail("there is no \(quoted(entry.name))", at: entry.key, help: ForeignCombination(entry)?.help)
    }

    private mutating func field(_ entry: Node.Entry) -> Field? {
        path.append(entry.name)
        defer { path.removeLast() }
        guard path.count <= PatternLimits.depth else {
            fail("fields are nested more than \(PatternLimits.depth) deep", at: entry.key)
            return nil
        }
        guard isShortEnough(entry.name, at: entry.key) else { return nil }
        switch entry.value.content {
        case .mapping(let entries): return nested(entry, entries)
        case .list(let elements):
            return leaf(elements, entry).map { Field(name: entry.name, content: .leaf($0)) }
        case .scalar:
            return leaf([entry.value], entry).map { Field(name: entry.name, content: .leaf($0)) }
        }
    }

    private mutating func nested(_ entry: Node.Entry, _ entries: [Node.Entry]) -> Field? {
        guard !entries.isEmpty else {
            fail(
                "there is no field and no value under \(quoted(entry.name))", at: entry.value,
                help: "write `[{exists: true}]` for any value")
            return nil
        }
        guard !areOperators(entries) else {
            fail(
                "\(quoted(entries[0].name)) is an operator and goes in a list", at: entries[0].key,
                help: "write `[{\(entries[0].name): \(ForeignOperator.preview(entries[0].value))}]`")
            // Also report errors in the operators' arguments.
            for entry in entries {
                if let name = PatternOperator(rawValue: entry.name) { _ = conditions(name, entry.value) }
            }
            return nil
        }
        return Field(name: entry.name, content: .group(group(entries)))
    }

    /// Whether all keys of a mapping are operators.
    private func areOperators(_ entries: [Node.Entry]) -> Bool {
        entries.allSatisfy { PatternOperator(rawValue: $0.name) != nil }
    }

    private mutating func leaf(_ elements: [Node], _ entry: Node.Entry) -> Leaf? {
        guard !elements.isEmpty else {
            fail(
                "an empty list of alternatives never matches", at: entry.value,
                help: "write `[{exists: true}]` for any value, or leave the field out")
            return nil
        }
        var alternatives: [Alternative] = []
        for element in elements {
            alternatives += conditions(ofAlternative: element).map {
                Alternative(condition: $0, location: element.location)
            }
        }
        guard alternatives.count <= PatternLimits.alternatives else {
            fail(
                "\(alternatives.count) alternatives for one field: at most \(PatternLimits.alternatives)",
                at: entry.value)
            return nil
        }
        return Leaf(alternatives: alternatives, location: entry.key.location)
    }

    private mutating func disjunction(_ entry: Node.Entry) -> Disjunction? {
        guard let elements = entry.value.list else {
            fail(
                "`$or` takes a list of patterns, not \(entry.value.kindName)", at: entry.value,
                help: "write `$or: [{a: [1]}, {b: [2]}]`")
            return nil
        }
        if elements.count < PatternForm.leastBranches {
            fail(
                "`$or` needs at least two patterns to choose from", at: entry.value,
                help: "a single one is written without `$or`")
        }
        return Disjunction(branches: elements.compactMap { branch($0) })
    }

    private mutating func branch(_ node: Node) -> FieldGroup? {
        guard let entries = node.entries, !entries.isEmpty else {
            let kind = node.entries == nil ? node.kindName : "an empty mapping"
            fail("a branch of `$or` is a mapping of fields, not \(kind)", at: node)
            return nil
        }
        guard !areOperators(entries) else {
            fail(
                "\(quoted(entries[0].name)) is an operator, and a branch of `$or` begins with a field",
                at: entries[0].key,
                help: "alternatives of one field need no `$or`: `field: [{\(entries[0].name): …}, …]`")
            return nil
        }
        return group(entries)
    }
}

extension PatternReader {
    /// Parses one element of a list of alternatives. Returns several conditions for a reference to a list, and none if
    /// there is an error.
    mutating func conditions(ofAlternative node: Node) -> [Condition] {
        switch node.content {
        case .scalar: return literal(node).map { [$0] } ?? []
        case .list:
            fail("a list inside a list of alternatives", at: node, help: "write all alternatives in one list: `[a, b]`")
            return []
        case .mapping(let entries):
            guard let entry = onlyEntry(entries, node) else { return [] }
            guard let name = PatternOperator(rawValue: entry.name) else {
                failUnknownOperator(entry)
                return []
            }
            return conditions(name, entry.value)
        }
    }

    private mutating func onlyEntry(_ entries: [Node.Entry], _ node: Node) -> Node.Entry? {
        guard let first = entries.first else {
            fail("an empty mapping is no alternative", at: node, help: "write `[{exists: true}]` for any value")
            return nil
        }
        guard entries.count == 1 else {
            let known = entries.contains { PatternOperator(rawValue: $0.name) != nil }
            let names = entries.prefix(2).map { "{\($0.name): …}" }.joined(separator: ", ")
            fail(
                known
                    ? "a mapping in a list of alternatives takes one operator" : "fields inside a list of alternatives",
                at: known ? entries[1].key : node,
                help: known
                    ? "for either of them write `[\(names)]`; one field cannot demand both"
                    : "fields inside \(quoted(path.last ?? "")) are written without the list")
            return nil
        }
        return first
    }

    private mutating func failUnknownOperator(_ entry: Node.Entry) {
        let isNested = entry.value.scalar == nil
        let help =
            ForeignOperator.help(for: entry)
            ?? closest(to: entry.name, among: PatternOperator.names).map { "did you mean `\($0)`?" }
            ?? (isNested
                ? "fields inside \(quoted(path.last ?? "")) are written without the list"
                : suggestion(for: entry.name, among: PatternOperator.names, called: "operators"))
        fail("unknown operator \(quoted(entry.name))", at: entry.key, help: help)
    }

    /// Parses a scalar that values have to equal.
    private mutating func literal(_ node: Node) -> Condition? {
        guard let scalar = node.scalar, isUnambiguous(scalar, at: node) else { return nil }
        switch scalar.value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let text): return isShortEnough(text, at: node) ? .number(NumberLiteral(text)) : nil
        case .string(let text): return isShortEnough(text, at: node) ? .string(canonical(text)) : nil
        }
    }

    /// Returns the canonical name of an event type; any other string unchanged.
    func canonical(_ text: String) -> String {
        path.count == 1 && path[0] == "type" ? canonicalType(text) : text
    }

    /// Reports plain scalars that YAML versions read differently, and missing values.
    mutating func isUnambiguous(_ scalar: Node.Scalar, at node: Node) -> Bool {
        if let message = scalar.lookAlike {
            fail(message, at: node, help: scalar.lookAlikeHelp)
            return false
        }
        if scalar.text.isEmpty, !scalar.isQuoted {
            fail("a value is missing", at: node, help: "write `null` for null, or `\"\"` for an empty string")
            return false
        }
        return true
    }

    /// Reports a text that is longer than the limit.
    mutating func isShortEnough(_ text: String, at node: Node) -> Bool {
        let count = text.utf8.count
        guard count > PatternLimits.stringBytes else { return true }
        fail("a string of \(count) bytes in a pattern: at most \(PatternLimits.stringBytes)", at: node)
        return false
    }
}
