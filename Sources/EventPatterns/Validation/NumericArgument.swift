import ConfigSource

extension PatternReader {
    private static let numericHelp =
        "write a comparison and a number, `[\">=\", 5]`, or a lower bound and an upper one, `[\">=\", 0, \"<\", 10]`"

    /// Parses the argument of `numeric`: `["<", 5]` or `[">=", 0, "<", 10]`.
    mutating func numeric(_ node: Node) -> NumericRange? {
        guard let elements = node.list else {
            fail("`numeric` takes a list, not \(node.kindName)", at: node, help: Self.numericHelp)
            return nil
        }
        guard elements.count == 2 || elements.count == 4 else {
            fail(
                "`numeric` takes one comparison or two, and its list has \(elements.count) elements", at: node,
                help: Self.numericHelp)
            return nil
        }
        var range = NumericRange()
        var isValid = true
        for pair in stride(from: 0, to: elements.count, by: 2) {
            let isSecond = pair == 2
            // If the first comparison is wrong, the second one cannot be checked.
            let comparison =
                isSecond && !isValid
                ? elements[pair].string : comparison(elements[pair], isSecond: isSecond, isAlone: elements.count == 2)
            let value = bound(elements[pair + 1])
            guard let comparison, let value else {
                isValid = false
                continue
            }
            let bound = NumericRange.Bound(value: value, isIncluded: comparison.utf8.last == UInt8(ascii: "="))
            if comparison.utf8.first != UInt8(ascii: "<") { range.lower = bound }
            if comparison.utf8.first != UInt8(ascii: ">") { range.upper = bound }
        }
        guard isValid else { return nil }
        if elements.count == 4, let lower = range.lower, let upper = range.upper, lower.value >= upper.value {
            let isOneNumber = lower.value == upper.value && lower.isIncluded && upper.isIncluded
            let (first, second) = (ForeignOperator.preview(elements[1]), ForeignOperator.preview(elements[3]))
            fail(
                "the lower bound has to lie below the upper one", at: elements[1],
                help: isOneNumber
                    ? "for exactly this number write `[\"=\", \(first)]`"
                    : "no number is above \(first) and below \(second)")
            return nil
        }
        return range
    }

    private mutating func comparison(_ node: Node, isSecond: Bool, isAlone: Bool) -> String? {
        let text = node.string
        let allowed = isAlone ? NumericComparison.alone : isSecond ? NumericComparison.upper : NumericComparison.lower
        if let text, allowed.contains(text) { return text }
        let found = text.map { quoted($0) } ?? node.kindName
        let choices = allowed.map { "`\($0)`" }.joined(separator: ", ")
        let subject = isAlone ? "the comparison" : isSecond ? "the second comparison" : "the first of two comparisons"
        fail("\(subject) in `numeric` is one of \(choices), not \(found)", at: node, help: Self.numericHelp)
        return nil
    }

    private mutating func bound(_ node: Node) -> ExactDecimal? {
        guard let scalar = node.scalar, isUnambiguous(scalar, at: node) else {
            if node.scalar == nil { fail("`numeric` compares with a number, not \(node.kindName)", at: node) }
            return nil
        }
        guard case .number(let text) = scalar.value else {
            let isQuotedNumber = scalar.isQuoted && Node.number(scalar.text).number != nil
            fail(
                "`numeric` compares with a number, not \(node.kindName)", at: node,
                help: isQuotedNumber ? "leave the quotes out" : nil)
            return nil
        }
        guard isShortEnough(text, at: node) else { return nil }
        guard let exact = NumberLiteral(text).exact else {
            fail(
                "binary64 cannot hold \(quoted(text)) exactly, so it cannot be compared", at: node,
                help: "write it with at most 15 digits")
            return nil
        }
        return exact
    }
}
