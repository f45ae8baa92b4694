/// A regular expression that is looked for anywhere in a text, in ECMA-262's dialect: what `pattern` means in a JSON Schema.
///
/// It runs on the automaton of `regexp`: in time that is linear in the text, whatever the expression. What no automaton can do
/// (look-around, back-references, `\b`) is refused.
package struct SearchExpression: Sendable, Hashable {
    private let automaton: Automaton

    /// Why an expression cannot be read.
    package struct Failure: Error, Hashable {
        /// What is wrong with it, and where.
        package let message: String
        /// What to do about it.
        package let help: String?
    }

    /// Reads an expression.
    package init(_ text: String) throws(Failure) {
        let anything = Expression.repeated(.any, least: 0, most: nil)
        do {
            automaton = try Automaton(.sequence([anything, try ExpressionReader.read(text, .ecmaScript), anything]))
        } catch {
            throw Failure(message: error.message, help: error.help)
        }
    }

    /// Whether it is found in a text.
    package func isFound(in text: String) -> Bool {
        var text = text
        var run = AutomatonRun()
        return text.withUTF8 { run.accepts(automaton, $0.span.bytes) }
    }
}
