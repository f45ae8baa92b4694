/// Parses a regular expression.
struct ExpressionParser {
    /// The dialect of an expression.
    enum Dialect {
        /// I-Regexp (RFC 9485), the common subset of all dialects.
        case iRegexp
        /// The dialect of ECMA-262 with the flag `u`, except for what an automaton cannot do.
        case ecmaScript
    }

    let dialect: Dialect
    let text: [Unicode.Scalar]
    var index = 0
    private var openGroups = 0

    private init(_ text: String, _ dialect: Dialect) {
        self.dialect = dialect
        self.text = Array(text.unicodeScalars)
    }

    /// Parses a text.
    static func parse(_ text: String, _ dialect: Dialect = .iRegexp) throws(ExpressionError) -> Expression {
        var parser = ExpressionParser(text, dialect)
        let expression = try parser.alternatives()
        guard parser.index == parser.text.count else {
            throw parser.error("`)` without its `(`", help: "write `\\)` for the character")
        }
        return expression
    }

    /// The next character; nil at the end.
    var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    /// Consumes a character if it comes next; returns whether it did.
    mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    /// An error whose message names the current character position.
    func error(_ message: String, help: String? = nil) -> ExpressionError {
        ExpressionError("\(message), at character \(index + 1) of the expression", help: help)
    }

    private mutating func alternatives() throws(ExpressionError) -> Expression {
        var choices = [try sequence()]
        while consume("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(ExpressionError) -> Expression {
        var parts: [Expression] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repetition(of: try atom(scalar)))
        }
        return .sequence(parts)
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(ExpressionError) -> Expression {
        switch scalar {
        case "(": return try group()
        case "[": return .set(try characterClass())
        case ".":
            index += 1
            return .set(dialect == .ecmaScript ? .ecmaScriptDot : .dot)
        case "^" where dialect == .ecmaScript:
            index += 1
            return .start
        case "$" where dialect == .ecmaScript:
            index += 1
            return .end
        case "\\":
            return switch try escape() {
            case .scalar(let scalar): .scalar(scalar.value)
            case .categories(let mask): .set(ScalarSet(categories: mask))
            case .ranges(let ranges): .set(ScalarSet(ranges: ranges))
            }
        case "*", "+", "?", "{":
            throw error(
                "`\(scalar)` has nothing to repeat", help: "write `\\\(scalar)` for the character")
        case "]", "}":
            throw error("`\(scalar)` without its opening bracket", help: "write `\\\(scalar)` for the character")
        default:
            index += 1
            return .scalar(scalar.value)
        }
    }

    private mutating func group() throws(ExpressionError) -> Expression {
        let start = index
        index += 1
        openGroups += 1
        guard openGroups <= ExpressionLimits.groups else {
            throw error("groups nested more than \(ExpressionLimits.groups) deep")
        }
        if next == "?" { try groupName() }
        let inner = try alternatives()
        openGroups -= 1
        guard consume(")") else {
            index = start
            throw error("`(` is not closed", help: "write `\\(` for the character")
        }
        return inner
    }

    private mutating func repetition(of part: Expression) throws(ExpressionError) -> Expression {
        let result: Expression
        switch next {
        case "*": result = .repeated(part, least: 0, most: nil)
        case "+": result = .repeated(part, least: 1, most: nil)
        case "?": result = .repeated(part, least: 0, most: 1)
        case "{":
            let bounds = try counts()
            result = .repeated(part, least: bounds.least, most: bounds.most)
        default: return part
        }
        index += 1
        // A lazy repetition matches the same texts as a greedy one.
        if dialect == .ecmaScript { _ = consume("?") }
        if let scalar = next, ["*", "+", "?", "{"].contains(scalar) {
            throw error("`\(scalar)` behind another repetition", help: "put the part into a group: `(a+)?`")
        }
        return result
    }

    /// Parses `{2}`, `{2,}` or `{2,5}`; leaves the index at the closing brace.
    private mutating func counts() throws(ExpressionError) -> (least: Int, most: Int?) {
        let start = index
        let help = "write `{2}`, `{2,}` or `{2,5}`, or `\\{` for the character"
        index += 1
        let first = number()
        var second = first
        var isOpen = false
        if consume(",") {
            second = number()
            isOpen = second == nil
        }
        guard let least = first, next == "}" else {
            index = start
            throw error("the counts in `{…}` are not complete", help: help)
        }
        guard let most = second, !isOpen else { return (try checked(least, start), nil) }
        guard most >= least else {
            index = start
            throw error("`{\(least),\(most)}` ends before it begins")
        }
        return (try checked(least, start), try checked(most, start))
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1 << 20)
            index += 1
        }
        return value
    }

    private mutating func checked(_ count: Int, _ start: Int) throws(ExpressionError) -> Int {
        guard count <= ExpressionLimits.states else {
            index = start
            throw error("a count in `{…}` is at most \(ExpressionLimits.states)")
        }
        return count
    }
}
