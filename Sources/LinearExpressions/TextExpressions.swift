/// A regular expression of the operator `regexp`, with the automaton that runs it.
package struct Regexp: Sendable, Hashable {
    /// The expression.
    package let text: String
    /// What runs it.
    package let automaton: Automaton

    /// Reads an expression in the grammar of RFC 9485.
    package init(_ text: String) throws(ExpressionError) {
        self.text = text
        automaton = try Automaton(try ExpressionReader.read(text))
    }

    /// Whether somebody who is used to other dialects probably means something else: `^` and `$` are plain characters here.
    package var looksAnchored: Bool { text.utf8.first == UInt8(ascii: "^") || text.utf8.last == UInt8(ascii: "$") }
}

/// A regular expression that is looked for anywhere in a text, in ECMA-262's dialect: what `pattern` means in a JSON Schema.
///
/// It runs on the automaton of `regexp`: in time that is linear in the text, whatever the expression. What no automaton can do
/// (look-around, back-references, `\b`) is refused.
package struct SearchExpression: Sendable, Hashable {
    private let automaton: Automaton

    /// Reads an expression.
    package init(_ text: String) throws(ExpressionError) {
        let anything = Expression.repeated(.any, least: 0, most: nil)
        automaton = try Automaton(.sequence([anything, try ExpressionReader.read(text, .ecmaScript), anything]))
    }

    /// Whether it is found in a text.
    package func isFound(in text: String) -> Bool {
        var text = text
        var run = AutomatonRun()
        return text.withUTF8 { run.accepts(automaton, $0.span.bytes) }
    }
}

/// A text with `*` for any run of characters, the empty one included.
package struct Wildcard: Sendable, Hashable {
    /// What runs it.
    package let automaton: Automaton

    /// Reads the text; `\*` is a star and `\\` a backslash.
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
