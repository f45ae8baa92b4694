/// A regular expression of the operator `regexp`. It must match the whole text.
package struct Regexp: Sendable, Hashable {
    /// The expression.
    package let text: String
    /// The automaton that runs the expression.
    package let automaton: Automaton

    /// Parses an expression in the grammar of RFC 9485.
    package init(_ text: String) throws(ExpressionError) {
        self.text = text
        automaton = try Automaton(try ExpressionParser.parse(text))
    }

    /// Whether the expression begins with `^` or ends with `$`, which are literal characters here but anchors in other
    /// dialects.
    package var looksAnchored: Bool { text.utf8.first == UInt8(ascii: "^") || text.utf8.last == UInt8(ascii: "$") }
}

/// A regular expression in ECMA-262's dialect that may match anywhere in a text, like `pattern` in JSON Schema.
///
/// It runs on the same automaton as `regexp`, in time that is linear in the length of the text, whatever the
/// expression. Syntax that an automaton cannot run (look-around, back-references, `\b`) is an error.
package struct SearchExpression: Sendable, Hashable {
    private let automaton: Automaton

    /// Parses an expression.
    package init(_ text: String) throws(ExpressionError) {
        let anything = Expression.repeated(.any, least: 0, most: nil)
        automaton = try Automaton(.sequence([anything, try ExpressionParser.parse(text, .ecmaScript), anything]))
    }

    /// Whether the expression matches anywhere in a text.
    package func isFound(in text: String) -> Bool {
        var text = text
        var run = AutomatonRun()
        return text.withUTF8 { run.accepts(automaton, $0.span.bytes) }
    }
}

/// A pattern in which `*` matches any run of characters, including an empty one. It must match the whole text.
package struct Wildcard: Sendable, Hashable {
    /// The automaton that runs the expression.
    package let automaton: Automaton

    /// Parses a pattern; `\*` is a literal star, and `\\` a literal backslash.
    package init(_ text: String) throws(ExpressionError) {
        var pieces: [Expression] = []
        let star = Expression.repeated(.any, least: 0, most: nil)
        var stars = 0
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "*":
                guard pieces.last != star else {
                    throw ExpressionError("`**` in a wildcard says no more than `*`", help: "write `*` once")
                }
                pieces.append(star)
                stars += 1
            case "\\":
                guard let escaped = scalars.next(), escaped == "*" || escaped == "\\" else {
                    throw ExpressionError(
                        "a backslash in a wildcard stands before `*` or `\\`",
                        help: "write `\\\\` for a backslash itself")
                }
                pieces.append(.scalar(escaped.value))
            default: pieces.append(.scalar(scalar.value))
            }
        }
        guard stars <= ExpressionLimits.stars else {
            throw ExpressionError(
                "\(stars) stars in a wildcard: at most \(ExpressionLimits.stars)",
                help: "`regexp` has no such limit: `.*` is any run of characters")
        }
        automaton = try Automaton(.sequence(pieces))
    }
}
