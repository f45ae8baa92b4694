/// A regular expression of the operator `regexp`, with the automaton that runs it.
struct Regexp: Sendable, Hashable {
    var text: String
    var automaton: Automaton

    /// Reads an expression in the grammar of RFC 9485.
    init(_ text: String) throws(OperandError) {
        self.text = text
        automaton = try Automaton(try ExpressionReader.read(text))
    }

    /// Whether somebody who is used to other dialects probably means something else: `^` and `$` are plain characters here.
    var looksAnchored: Bool { text.utf8.first == UInt8(ascii: "^") || text.utf8.last == UInt8(ascii: "$") }
}
