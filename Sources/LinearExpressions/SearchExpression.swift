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
