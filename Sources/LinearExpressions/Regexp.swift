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
