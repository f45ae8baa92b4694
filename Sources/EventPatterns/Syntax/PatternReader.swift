import ConfigSource
import EventJSON
import LinearExpressions

/// Reads the tree of a pattern out of nodes and reports everything that is wrong with it, each at its place.
struct PatternReader {
    let lists: [String: [JSONValue]]
    let canonicalType: (String) -> String
    let diagnostics: Diagnostics
    /// Whether something was reported that makes the pattern unusable.
    private(set) var hasFailed = false
    /// The names of the fields that lead to where the reader is.
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

    /// Reports what an operator's argument was refused for.
    mutating func fail(_ error: ExpressionError, at node: Node) {
        fail(error.message, at: node, help: error.help)
    }

    /// Reads a whole pattern.
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

    /// Reads fields that stand beside each other.
    private mutating func group(_ entries: [Node.Entry]) -> FieldGroup {
        var group = FieldGroup()
        for entry in entries {
            switch entry.name {
            case "$or":
                if let choice = choice(entry) { group.choices.append(choice) }
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
                "no field and no value stands under \(quoted(entry.name))", at: entry.value,
                help: "write `[{exists: true}]` for any value")
            return nil
        }
        guard !areOperators(entries) else {
            fail(
                "\(quoted(entries[0].name)) is an operator and goes in a list", at: entries[0].key,
                help: "write `[{\(entries[0].name): \(ForeignOperator.sketch(entries[0].value))}]`")
            // What else is wrong with it, that too.
            for entry in entries {
                if let name = PatternOperator(rawValue: entry.name) { _ = conditions(name, entry.value) }
            }
            return nil
        }
        return Field(name: entry.name, content: .group(group(entries)))
    }

    /// Whether a mapping can only be meant as an operator.
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

    private mutating func choice(_ entry: Node.Entry) -> Choice? {
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
        return Choice(branches: elements.compactMap { branch($0) })
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
