import ConfigSource
import EventJSON
import LinearExpressions

extension PatternReader {
    /// Parses the argument of an operator. Returns several conditions if the argument has several
    /// texts; empty if there is an error.
    mutating func conditions(_ name: PatternOperator, _ argument: Node) -> [Condition] {
        switch name {
        case .exactly, .wildcard, .regexp, .cidr, .equalsIgnoreCase:
            return text(argument, for: name).flatMap { condition(name, $0, at: argument) }.map { [$0] } ?? []
        case .prefix, .suffix: return affix(name, argument).map { [$0] } ?? []
        case .phrase:
            return (texts(argument, for: name) ?? []).compactMap { condition(name, $0.text, at: $0.node) }
        case .exists: return existence(argument).map { [$0] } ?? []
        case .numeric: return numeric(argument).map { [.numeric($0)] } ?? []
        case .anythingBut: return anythingBut(argument).map { [$0] } ?? []
        case .list: return listValues(argument).map { values in values.compactMap { literal($0, at: argument) } } ?? []
        }
    }

    /// Creates the condition of an operator that takes a string.
    mutating func condition(_ name: PatternOperator, _ text: String, at node: Node) -> Condition? {
        do throws(ExpressionError) {
            switch name {
            case .prefix: return .prefix(text)
            case .suffix: return .suffix(text)
            case .equalsIgnoreCase: return .equalsIgnoringCase(text)
            case .wildcard: return .wildcard(try Wildcard(text))
            case .phrase: return .phrase(try Phrase(text))
            case .cidr: return .cidr(try CIDRBlock(text))
            case .regexp:
                let expression = try Regexp(text)
                if expression.looksAnchored { warnAboutAnchors(node) }
                return .regexp(expression)
            default: return .string(canonical(text))
            }
        } catch {
            fail(error, at: node)
            return nil
        }
    }

    private func warnAboutAnchors(_ node: Node) {
        diagnostics.warning(
            "`^` and `$` are plain characters in I-Regexp", at: node,
            help: "leave them out: an expression has to match the whole string; write `\\^` or `\\$` if they are meant")
    }

    /// Parses the string that an operator takes.
    private mutating func text(_ node: Node, for name: PatternOperator) -> String? {
        guard let scalar = node.scalar else {
            let isList = node.list != nil
            fail(
                "`\(name.rawValue)` takes a string, not \(node.kindName)", at: node,
                help: isList ? "write an alternative for each: `[{\(name.rawValue): …}, {\(name.rawValue): …}]`" : nil)
            return nil
        }
        guard isUnambiguous(scalar, at: node) else { return nil }
        guard case .string(let text) = scalar.value else {
            fail(
                "`\(name.rawValue)` takes a string, not \(node.kindName)", at: node,
                help: "only strings can match it; for the text write `\"\(scalar.text)\"`")
            return nil
        }
        return isShortEnough(text, at: node) ? text : nil
    }

    /// Parses one string, a list of strings, or a reference to a list in the file.
    mutating func texts(_ node: Node, for name: PatternOperator) -> [(text: String, node: Node)]? {
        if let elements = node.list {
            guard !elements.isEmpty else {
                fail("`\(name.rawValue)` takes at least one string", at: node)
                return nil
            }
            let found = elements.map { texts(ofElement: $0, for: name) }
            return found.allSatisfy { $0 != nil } ? found.flatMap { $0 ?? [] } : nil
        }
        return texts(ofElement: node, for: name)
    }

    private mutating func texts(ofElement node: Node, for name: PatternOperator) -> [(text: String, node: Node)]? {
        if let entries = node.entries, entries.count == 1, entries[0].name == PatternOperator.list.rawValue {
            let argument = entries[0].value
            guard let values = listValues(argument) else { return nil }
            let texts = values.compactMap(\.string)
            guard texts.count == values.count else {
                fail("`\(name.rawValue)` takes strings, and the list holds other values too", at: argument)
                return nil
            }
            return texts.map { ($0, argument) }
        }
        return text(node, for: name).map { [($0, node)] }
    }

    private mutating func affix(_ name: PatternOperator, _ node: Node) -> Condition? {
        guard let entries = node.entries else {
            return text(node, for: name).flatMap { condition(name, $0, at: node) }
        }
        guard entries.count == 1, entries[0].name == PatternOperator.equalsIgnoreCase.rawValue else {
            fail(
                "`\(name.rawValue)` takes a string or `{equals-ignore-case: …}`, not another operator", at: node,
                help: "write `[{\(name.rawValue): {equals-ignore-case: text}}]`")
            return nil
        }
        return text(entries[0].value, for: .equalsIgnoreCase).map {
            name == .prefix ? .prefixIgnoringCase($0) : .suffixIgnoringCase($0)
        }
    }

    private mutating func existence(_ node: Node) -> Condition? {
        guard let value = node.bool else {
            let isText = ["true", "false"].contains(node.scalar?.text)
            fail(
                "`exists` takes true or false, not \(node.kindName)", at: node,
                help: isText ? "leave the quotes out" : nil)
            return nil
        }
        return .exists(value)
    }
}

extension PatternReader {
    /// Looks up the values of a list by a reference to it.
    mutating func listValues(_ node: Node) -> [JSONValue]? {
        guard let name = node.string else {
            fail("`list` takes the name of a list, not \(node.kindName)", at: node)
            return nil
        }
        guard let values = lists[name] else {
            fail(
                "there is no list \(quoted(name))", at: node,
                help: suggestion(for: name, among: lists.keys.sorted(), called: "lists"))
            return nil
        }
        guard !values.isEmpty else {
            fail("the list \(quoted(name)) is empty: it never matches", at: node)
            return nil
        }
        return values
    }

    /// Creates an equality condition for a value of a list.
    mutating func literal(_ value: JSONValue, at node: Node) -> Condition? {
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let number):
            return isShortEnough(number.text, at: node) ? .number(NumberLiteral(number.text)) : nil
        case .string(let text): return isShortEnough(text, at: node) ? .string(canonical(text)) : nil
        case .array, .object:
            fail("a list holds strings, numbers, true, false and null, not lists or mappings", at: node)
            return nil
        }
    }
}
