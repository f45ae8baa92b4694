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
