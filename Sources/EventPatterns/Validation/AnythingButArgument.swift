import ConfigSource
import EventJSON

extension PatternReader {
    /// Parses the argument of `anything-but`: values, or an operator with strings.
    mutating func anythingBut(_ node: Node) -> Condition? {
        let conditions =
            switch node.content {
            case .scalar: values([node])
            case .list(let elements): values(elements, of: node)
            case .mapping(let entries): negated(entries, node)
            }
        return conditions.map { .anythingBut($0) }
    }

    private mutating func values(_ elements: [Node], of list: Node? = nil) -> [Condition]? {
        guard !elements.isEmpty else {
            fail(
                "`anything-but` takes at least one value", at: list ?? elements[0],
                help: "write `[{exists: true}]` for any value")
            return nil
        }
        var conditions: [Condition] = []
        var isValid = true
        for element in elements {
            guard let found = values(ofElement: element) else {
                isValid = false
                continue
            }
            let isMixed = found.contains { condition in
                conditions.first.map { $0.isString != condition.isString } ?? false
            }
            if isMixed {
                fail(
                    "`anything-but` takes strings or numbers, not both", at: element,
                    help:
                        "a string never equals a number: keep the values of the field's type"
                )
                isValid = false
            }
            conditions += found
        }
        guard isValid else { return nil }
        guard conditions.count <= PatternLimits.alternatives else {
            fail(
                "\(conditions.count) values in `anything-but`: at most \(PatternLimits.alternatives)",
                at: list ?? elements[0])
            return nil
        }
        return conditions
    }

    /// Parses one element of a list. Returns several values for a reference to a list.
    private mutating func values(ofElement node: Node) -> [Condition]? {
        let found: [Condition]
        switch node.content {
        case .mapping(let entries) where entries.count == 1 && entries[0].name == PatternOperator.list.rawValue:
            guard let values = listValues(entries[0].value) else { return nil }
            found = values.compactMap { literal($0, at: entries[0].value) }
            guard found.count == values.count else { return nil }
        case .scalar:
            found = conditions(ofAlternative: node)
            guard !found.isEmpty else { return nil }
        default:
            fail(
                "`anything-but` takes values or one operator, not \(node.kindName) among values", at: node,
                help: "write `[{anything-but: [a, b]}]` or `[{anything-but: {prefix: [a, b]}}]`")
            return nil
        }
        guard found.allSatisfy({ $0.isString || $0.isNumber }) else {
            fail(
                "`anything-but` takes strings or numbers", at: node,
                help: "to exclude true, false or null, list the values that are allowed")
            return nil
        }
        return found
    }

    private mutating func negated(_ entries: [Node.Entry], _ node: Node) -> [Condition]? {
        guard entries.count == 1 else {
            fail("`anything-but` takes one operator, not \(entries.count)", at: node)
            return nil
        }
        let entry = entries[0]
        guard let name = PatternOperator(rawValue: entry.name), name != .exactly else {
            failNegation(entry)
            return nil
        }
        if name == .list { return values([node]) }
        guard PatternOperator.negatable.contains(name) else {
            failNegation(entry)
            return nil
        }
        guard let texts = texts(entry.value, for: name) else { return nil }
        var conditions: [Condition] = []
        for (text, source) in texts {
            if text.isEmpty, name == .prefix || name == .suffix {
                fail(
                    "every string has the empty \(name.rawValue): no string would match", at: source,
                    help: "leave it out")
                return nil
            }
            guard let condition = condition(name, text, at: source) else { return nil }
            conditions.append(condition)
        }
        return conditions
    }

    private mutating func failNegation(_ entry: Node.Entry) {
        let names = PatternOperator.negatable.map(\.rawValue)
        let isKnown = PatternOperator(rawValue: entry.name) != nil
        let help =
            entry.name == PatternOperator.exists.rawValue
            ? "write `[{exists: …}]` as an alternative of its own"
            : isKnown || entry.value.scalar == nil && closest(to: entry.name, among: names) == nil
                ? "it takes values, " + names.map { "`\($0)`" }.joined(separator: ", ")
                : suggestion(for: entry.name, among: names, called: "operators")
        fail("`anything-but` does not take \(quoted(entry.name))", at: entry.key, help: help)
    }
}

extension Condition {
    fileprivate var isString: Bool { if case .string = self { true } else { false } }
    fileprivate var isNumber: Bool { if case .number = self { true } else { false } }
}
