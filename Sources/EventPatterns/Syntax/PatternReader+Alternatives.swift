import ConfigSource

extension PatternReader {
    /// What one element of a list of alternatives demands: several conditions when it refers to a list, none when it is wrong.
    mutating func conditions(ofAlternative node: Node) -> [Condition] {
        switch node.content {
        case .scalar: return literal(node).map { [$0] } ?? []
        case .list:
            fail("a list inside a list of alternatives", at: node, help: "write all alternatives in one list: `[a, b]`")
            return []
        case .mapping(let entries):
            guard let entry = single(entries, node) else { return [] }
            guard let name = PatternOperator(rawValue: entry.name) else {
                failUnknownOperator(entry)
                return []
            }
            return conditions(name, entry.value)
        }
    }

    private mutating func single(_ entries: [Node.Entry], _ node: Node) -> Node.Entry? {
        guard let first = entries.first else {
            fail("an empty mapping is no alternative", at: node, help: "write `[{exists: true}]` for any value")
            return nil
        }
        guard entries.count == 1 else {
            let known = entries.contains { PatternOperator(rawValue: $0.name) != nil }
            let names = entries.prefix(2).map { "{\($0.name): …}" }.joined(separator: ", ")
            fail(
                known ? "an operator stands alone in its mapping" : "fields inside a list of alternatives",
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

    /// A scalar that is to be equal to a value.
    private mutating func literal(_ node: Node) -> Condition? {
        guard let scalar = node.scalar, isUnambiguous(scalar, at: node) else { return nil }
        switch scalar.value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let text): return isShortEnough(text, at: node) ? .number(NumberLiteral(text)) : nil
        case .string(let text): return isShortEnough(text, at: node) ? .string(canonical(text)) : nil
        }
    }

    /// A value as it is compared: event types by their canonical names, everything else as it is written.
    func canonical(_ text: String) -> String {
        path.count == 1 && path[0] == "type" ? canonicalType(text) : text
    }

    /// Refuses plain scalars whose meaning depends on the reader, and values that somebody forgot.
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

    /// Refuses texts that are longer than the limit.
    mutating func isShortEnough(_ text: String, at node: Node) -> Bool {
        let count = text.utf8.count
        guard count > PatternLimits.stringBytes else { return true }
        fail("a string of \(count) bytes in a pattern: at most \(PatternLimits.stringBytes)", at: node)
        return false
    }
}
