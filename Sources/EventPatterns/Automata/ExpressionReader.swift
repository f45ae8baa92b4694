import ConfigSource

/// Reads a regular expression in the grammar of RFC 9485 (I-Regexp).
struct ExpressionReader {
    private let text: [Unicode.Scalar]
    private var index = 0
    private var openGroups = 0

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    /// The expression that a text spells.
    static func read(_ text: String) throws(OperandError) -> Expression {
        var reader = ExpressionReader(text)
        let expression = try reader.alternatives()
        guard reader.index == reader.text.count else {
            throw reader.error("`)` without its `(`", help: "write `\\)` for the character")
        }
        return expression
    }

    private var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    /// An error that names the character at which it was noticed.
    func error(_ message: String, help: String? = nil) -> OperandError {
        OperandError("\(message), at character \(index + 1) of the expression", help: help)
    }

    private mutating func alternatives() throws(OperandError) -> Expression {
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws(OperandError) -> Expression {
        var parts: [Expression] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repetition(of: try atom(scalar)))
        }
        return .sequence(parts)
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(OperandError) -> Expression {
        switch scalar {
        case "(": return try group()
        case "[": return .set(try characterClass())
        case ".":
            index += 1
            return .set(.dot)
        case "\\":
            return switch try escape() {
            case .scalar(let scalar): .scalar(scalar.value)
            case .categories(let mask): .set(ScalarSet(categories: mask))
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

    private mutating func group() throws(OperandError) -> Expression {
        let start = index
        index += 1
        openGroups += 1
        guard openGroups <= PatternLimits.groups else {
            throw error("groups nested more than \(PatternLimits.groups) deep")
        }
        if next == "?" {
            throw error("`(?` is not part of I-Regexp", help: "there are only plain groups: no look-around, no flags")
        }
        let inner = try alternatives()
        openGroups -= 1
        guard take(")") else {
            index = start
            throw error("`(` is not closed", help: "write `\\(` for the character")
        }
        return inner
    }

    // MARK: Repetition

    private mutating func repetition(of part: Expression) throws(OperandError) -> Expression {
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
        if let scalar = next, ["*", "+", "?", "{"].contains(scalar) {
            throw error("`\(scalar)` behind another repetition", help: "put the part into a group: `(a+)?`")
        }
        return result
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; leaves the index at the closing brace.
    private mutating func counts() throws(OperandError) -> (least: Int, most: Int?) {
        let start = index
        let help = "write `{2}`, `{2,}` or `{2,5}`, or `\\{` for the character"
        index += 1
        let first = number()
        var second = first
        var isOpen = false
        if take(",") {
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

    private mutating func checked(_ count: Int, _ start: Int) throws(OperandError) -> Int {
        guard count <= PatternLimits.states else {
            index = start
            throw error("a count in `{…}` is at most \(PatternLimits.states)")
        }
        return count
    }
}

extension ExpressionReader {
    /// What a backslash and what follows it stand for.
    private enum Escape {
        case scalar(Unicode.Scalar)
        case categories(UInt32)
    }

    private mutating func escape() throws(OperandError) -> Escape {
        let start = index
        index += 1
        guard let scalar = next else {
            index = start
            throw error("a backslash at the end", help: "write `\\\\` for the character")
        }
        index += 1
        switch scalar {
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "p", "P":
            let mask = try category(start)
            return .categories(scalar == "p" ? mask : GeneralCategories.all & ~mask)
        case "(", ")", "*", "+", "-", ".", "?", "[", "\\", "]", "^", "{", "|", "}", "$", "/": return .scalar(scalar)
        default:
            index = start
            throw error("`\\\(scalar)` is not an escape of I-Regexp", help: Self.replacement(scalar))
        }
    }

    /// What to write for the escapes that other dialects have.
    private static func replacement(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "d": "write `[0-9]`"
        case "D": "write `[^0-9]`"
        case "w": "write `[0-9A-Za-z_]`, or `[\\p{L}\\p{N}_]` for all scripts"
        case "W": "write `[^0-9A-Za-z_]`"
        case "s": "write `[ \\t\\r\\n]`, or `\\p{Zs}` for all blanks"
        case "S": "write `[^ \\t\\r\\n]`"
        case "b", "B": "words are what `phrase` is for"
        case "A", "Z", "z": "an expression has to match the whole string anyway"
        case "0"..."9": "there are no back-references"
        default: nil
        }
    }

    private mutating func category(_ start: Int) throws(OperandError) -> UInt32 {
        var name = ""
        if take("{") {
            while let scalar = next, scalar != "}", name.utf8.count <= 32 {
                name.unicodeScalars.append(scalar)
                index += 1
            }
        }
        guard take("}"), let mask = GeneralCategories.mask(name) else {
            index = start
            throw error(
                "`\\p` needs a general category of Unicode",
                help: "write `\\p{L}` for letters, `\\p{Lu}` for capitals, `\\p{N}` for digits")
        }
        return mask
    }

    private mutating func characterClass() throws(OperandError) -> ScalarSet {
        let start = index
        index += 1
        var set = ScalarSet()
        set.isNegated = take("^")
        // A hyphen at either end stands for itself.
        if take("-") { set.ranges.append(0x2D...0x2D) }
        while let scalar = next, scalar != "]" {
            if scalar == "-" {
                index += 1
                guard next == "]" else {
                    index -= 1
                    throw error("a hyphen inside `[…]` is a range or stands at an end", help: "write `\\-`")
                }
                set.ranges.append(0x2D...0x2D)
            } else if let first = try classMember(&set) {
                set.ranges.append(try range(from: first))
            }
        }
        guard take("]") else {
            index = start
            throw error("`[` is not closed", help: "write `\\[` for the character")
        }
        guard !set.ranges.isEmpty || set.categories != 0 else {
            index = start
            throw error("`[]` holds nothing")
        }
        return set
    }

    /// A scalar that may begin a range; nil when it was a category, which is added at once.
    private mutating func classMember(_ set: inout ScalarSet) throws(OperandError) -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "\\":
            switch try escape() {
            case .scalar(let scalar): return scalar
            case .categories(let mask):
                set.categories |= mask
                return nil
            }
        case "[": throw error("`[` inside `[…]`", help: "write `\\[` for the character")
        default:
            index += 1
            return scalar
        }
    }

    private mutating func range(from first: Unicode.Scalar) throws(OperandError) -> ClosedRange<UInt32> {
        let start = index
        guard next == "-", index + 1 < text.count, text[index + 1] != "]" else { return first.value...first.value }
        index += 1
        var categories = ScalarSet()
        guard let last = try classMember(&categories), last >= first else {
            index = start
            throw error("a range in `[…]` goes from a lower character to a higher one")
        }
        return first.value...last.value
    }
}
