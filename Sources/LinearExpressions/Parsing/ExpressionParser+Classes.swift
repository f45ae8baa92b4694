extension ExpressionParser {
    /// The meaning of an escape sequence.
    enum Escape {
        case scalar(Unicode.Scalar)
        case categories(UInt32)
        case ranges([ClosedRange<UInt32>])
    }

    /// Parses an escape sequence.
    mutating func escape() throws(ExpressionError) -> Escape {
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
            if dialect == .ecmaScript, let escape = try ecmaScriptEscape(scalar) { return escape }
            index = start
            throw error(
                "`\\\(scalar)` is not an escape of \(dialect == .iRegexp ? "I-Regexp" : "regular expressions here")",
                help: Self.replacement(scalar))
        }
    }

    /// The help for escapes that exist only in other dialects.
    private static func replacement(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "d": "write `[0-9]`"
        case "D": "write `[^0-9]`"
        case "w": "write `[0-9A-Za-z_]`, or `[\\p{L}\\p{N}_]` for all scripts"
        case "W": "write `[^0-9A-Za-z_]`"
        case "s": "write `[ \\t\\r\\n]`, or `\\p{Zs}` for all blanks"
        case "S": "write `[^ \\t\\r\\n]`"
        case "b", "B": "to match whole words, use `phrase`"
        case "A", "Z", "z": "an expression has to match the whole string anyway"
        case "0"..."9": "there are no back-references"
        default: nil
        }
    }

    private mutating func category(_ start: Int) throws(ExpressionError) -> UInt32 {
        var name = ""
        if consume("{") {
            while let scalar = next, scalar != "}", name.utf8.count <= 32 {
                name.unicodeScalars.append(scalar)
                index += 1
            }
        }
        guard consume("}"), let mask = GeneralCategories.mask(name) else {
            index = start
            throw error(
                "`\\p` needs a general category of Unicode",
                help: "write `\\p{L}` for letters, `\\p{Lu}` for capitals, `\\p{N}` for digits")
        }
        return mask
    }

    /// Parses `[…]`.
    mutating func characterClass() throws(ExpressionError) -> ScalarSet {
        let start = index
        index += 1
        var set = ScalarSet()
        set.isNegated = consume("^")
        // A hyphen at either end is a literal hyphen.
        if dialect == .iRegexp, consume("-") { set.ranges.append(0x2D...0x2D) }
        while let scalar = next, scalar != "]" {
            if scalar == "-", dialect == .iRegexp {
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
        guard consume("]") else {
            index = start
            throw error("`[` is not closed", help: "write `\\[` for the character")
        }
        guard !set.ranges.isEmpty || set.categories != 0 || dialect == .ecmaScript else {
            index = start
            throw error("`[]` holds nothing")
        }
        return set
    }

    /// Parses a scalar that may begin a range. Adds anything else, such as a category, to the set and returns nil.
    private mutating func classMember(_ set: inout ScalarSet) throws(ExpressionError) -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "\\":
            switch try escape() {
            case .scalar(let scalar): return scalar
            case .categories(let mask):
                set.categories |= mask
                return nil
            case .ranges(let ranges):
                set.ranges += ranges
                return nil
            }
        case "[" where dialect == .iRegexp: throw error("`[` inside `[…]`", help: "write `\\[` for the character")
        default:
            index += 1
            return scalar
        }
    }

    private mutating func range(from first: Unicode.Scalar) throws(ExpressionError) -> ClosedRange<UInt32> {
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
