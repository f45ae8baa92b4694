import ConfigSource
import EventPatterns

/// An operator of another language inside a string, such as `> 500`, `*refund*` or `failed|incomplete`. A pattern would
/// compare the string literally.
enum ForeignOperator {
    /// Equality with a value in YAML.
    case value(String)
    /// Equality with one of several words.
    case choice([String])
    /// The negation of a value or an operator in YAML.
    case negation(String)
    /// An operator for strings, with its argument in YAML.
    case text(PatternText, String)
    /// Comparisons and numbers in the syntax of `numeric`.
    case numeric(String)
    /// Any value.
    case anything

    /// The pattern operators for strings.
    enum PatternText: String {
        case prefix, suffix, wildcard, regexp, phrase
    }

    /// The pattern to write instead; nil if `anything-but` does not support the operator.
    func replacement(isNegated: Bool) -> String? {
        switch self {
        case .value(let value): isNegated ? "[{anything-but: \(value)}]" : value
        case .choice(let words):
            isNegated ? "[{anything-but: [\(words.joined(separator: ", "))]}]" : "[\(words.joined(separator: ", "))]"
        case .negation(let value): isNegated ? value : "[{anything-but: \(value)}]"
        case .text(let name, let text):
            isNegated ? "[{anything-but: {\(name): \(text)}}]" : "[{\(name): \(text)}]"
        case .numeric(let comparisons): isNegated ? nil : "[{numeric: [\(comparisons)]}]"
        case .anything: "[{exists: \(!isNegated)}]"
        }
    }

    /// The operator in a string; nil if the string has no operator that suits the field.
    ///
    /// - Parameters:
    ///   - text: the string.
    ///   - shape: the values that the field can have.
    ///   - isInSeconds: whether the field's durations are in seconds; otherwise they are in milliseconds.
    static func found(in text: String, _ shape: FieldShape, isInSeconds: Bool = false) -> ForeignOperator? {
        if shape.holdsNumbers || shape.isAnything,
            let comparison = comparison(text, shape, { number($0, isInSeconds: isInSeconds) })
        {
            return comparison
        }
        return negation(text, shape) ?? choice(text, shape) ?? expression(text) ?? stars(text)
    }

    // MARK: - Numbers

    /// `> 500`, `>=0.5`, `!= 3`, `500..1000`
    private static func comparison(
        _ text: String, _ shape: FieldShape, _ number: (Substring) -> String?
    ) -> ForeignOperator? {
        if let (sign, rest) = signed(text), let number = number(rest) {
            switch sign {
            case "=", "==": return .value(number)
            case "!=", "<>": return .negation(number)
            case "≥": return .numeric("\">=\", \(number)")
            case "≤": return .numeric("\"<=\", \(number)")
            case ">", ">=", "<", "<=": return .numeric("\"\(sign)\", \(number)")
            default: return nil
            }
        }
        guard shape.holdsNumbers else { return nil }
        for separator in ["..", "-", " to "] {
            let bounds = text.split(separator: separator).map { number($0) }
            if bounds.count == 2, let lower = bounds[0], let upper = bounds[1] {
                return .numeric("\">=\", \(lower), \"<=\", \(upper)")
            }
        }
        return nil
    }

    private static let signs = [">=", "<=", "!=", "<>", "==", "=~", "!~", ">", "<", "=", "≥", "≤"]

    private static func signed(_ text: String) -> (sign: String, rest: Substring)? {
        let text = text.trimming(" ")
        guard let sign = signs.first(where: { text.hasPrefix($0) }) else { return nil }
        return (sign, text.dropFirst(sign.count).trimming(" "))
    }

    /// A number in JSON syntax. A duration such as `5s` is converted to seconds or milliseconds.
    private static func number(_ text: Substring, isInSeconds: Bool) -> String? {
        let text = String(text.trimming(" "))
        return Node.number(text).number ?? Measure.duration(text).map { $0.number(inSeconds: isInSeconds) }
    }

    // MARK: - Words

    /// `!= completed`, `!completed`, `not completed`, `== completed`, `=~ comp`
    private static func negation(_ text: String, _ shape: FieldShape) -> ForeignOperator? {
        if let (sign, rest) = signed(text), !rest.isEmpty {
            switch sign {
            case "=", "==": return isWord(rest) ? .value(String(rest)) : nil
            case "!=", "<>": return isWord(rest) ? .negation(String(rest)) : nil
            case "=~": return .text(.regexp, yamlText(rest))
            case "!~": return .negation("{regexp: \(yamlText(rest))}")
            default: return nil
            }
        }
        if text.hasPrefix("!"), isWord(text.dropFirst()) { return .negation(String(text.dropFirst())) }
        let parts = text.split(separator: " ")
        let isNegated = parts.count == 2 && parts[0].lowercased() == "not"
        return isNegated && shape.knownValues.contains(String(parts[1])) ? .negation(String(parts[1])) : nil
    }

    /// `failed|incomplete`; also `failed, incomplete` and `failed or incomplete` if all words are known values.
    private static func choice(_ text: String, _ shape: FieldShape) -> ForeignOperator? {
        for separator in ["|", ",", " or ", " OR "] {
            let words = text.split(separator: separator).map { $0.trimming(" ") }.filter { !$0.isEmpty }
            guard words.count > 1, words.allSatisfy(isWord) else { continue }
            let isKnown = words.allSatisfy { shape.knownValues.contains(String($0)) }
            if isKnown || separator == "|" { return .choice(words.map(String.init)) }
        }
        return nil
    }

    private static func isWord(_ text: Substring) -> Bool {
        text.count > 1 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }

    // MARK: - Regular expressions and wildcards

    /// `/refund/i`, `^call_`, `.*refund.*`
    private static func expression(_ text: String) -> ForeignOperator? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].isEmpty, !parts[1].isEmpty, ["", "i", "g", "gi", "ig"].contains(parts[2]) {
            let isWords = parts[1].allSatisfy { $0.isLetter || $0 == " " }
            return isWords ? .text(.phrase, yamlText(parts[1])) : .text(.regexp, yamlText(".*\(parts[1]).*"))
        }
        // `response.*` means a prefix both as a regular expression and as a wildcard, so `stars` handles it.
        let hasRun = text.dropLast(2).contains(".*") || text == ".*"
        let isAnchored = text.count > 2 && text.hasPrefix("^")
        guard hasRun || isAnchored else { return nil }
        var rest = isAnchored ? text.dropFirst() : text[...]
        if rest.hasSuffix("$") {
            rest.removeLast()
        } else if !rest.hasSuffix(".*") {
            rest += ".*"
        }
        return .text(.regexp, yamlText(rest))
    }

    /// `*refund*`, `rate_limit*`, `%refund%`
    private static func stars(_ text: String) -> ForeignOperator? {
        let isLike =
            text.first == "%" && text.dropFirst().first?.isLetter == true
            || text.last == "%" && text.dropLast().last?.isLetter == true
        let text = isLike ? String(text.map { $0 == "%" ? "*" : $0 }) : text
        guard text != "*" else { return .anything }
        let parts = text.split(separator: "*")
        let stars = text.count { $0 == "*" }
        // A star next to a space is a multiplication sign or a bullet.
        guard stars > 0, stars <= PatternLimits.stars, !parts.isEmpty, !text.contains("* "), !text.contains(" *") else {
            return nil
        }
        if parts.count == 1, text.last == "*", text.first != "*" { return .text(.prefix, yamlText(parts[0])) }
        if parts.count == 1, text.first == "*", text.last != "*" { return .text(.suffix, yamlText(parts[0])) }
        let start = text.first == "*" ? "*" : ""
        let end = text.last == "*" ? "*" : ""
        return .text(.wildcard, yamlText(start + parts.joined(separator: "*") + end))
    }
}

/// A string as a YAML value inside brackets: quoted unless it is a plain word.
func yamlText(_ text: some StringProtocol) -> String {
    let isPlain =
        text.first?.isLetter ?? false
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
    return isPlain ? String(text) : YAMLText.inQuotes(String(text))
}

/// The help for a value or an operator that does not suit the type of a field.
struct ValueHelp {
    let field: ScopedField
    /// Whether the value is in a pattern; otherwise it is in the event of a test.
    let isPattern: Bool

    /// The help for a plain value.
    func value(_ value: Node) -> String? {
        guard let text = value.scalar?.text, text.utf8.count <= 80 else { return nil }
        let shape = field.shape
        if shape.holdsBooleans { return Self.boolean(text) }
        if shape.holdsNumbers { return number(text) }
        if shape.holdsStrings { return "write `\"\(text)\"`" }
        if let path = shape.innerPath(to: text) { return "write `\(field.written(path, yamlText(text)))`" }
        return shape.fieldNames.first.map { "write one of its fields: `\(field.written([$0], "…"))`" }
    }

    /// The help for an operator that cannot match the field's values.
    func operation() -> String? {
        let shape = field.shape
        if shape.holdsBooleans { return "write `true` or `false`" }
        if shape.holdsNumbers { return "write `[{numeric: [\">\", 500]}]`" }
        if shape.holdsStrings { return "write the text itself, or `[{prefix: text}]`" }
        return shape.fieldNames.first.map { "write it for one of its fields: `\(field.written([$0], "…"))`" }
    }

    private static func boolean(_ text: String) -> String {
        switch text.lowercased().filter({ !"!= ".contains($0) }) {
        case "true", "yes", "on", "y", "1": text.hasPrefix("!") ? "write `false`" : "write `true`"
        case "false", "no", "off", "n", "0": text.hasPrefix("!") ? "write `true`" : "write `false`"
        default: "write `true` or `false`"
        }
    }

    private func number(_ text: String) -> String {
        if Node.number(text).number != nil { return "leave out the quotes: `\(text)`" }
        if let duration = Measure.duration(text) {
            let unit = field.isInSeconds ? "seconds" : "ms"
            return "write the number of \(unit): `\(duration.number(inSeconds: field.isInSeconds))`"
        }
        return isPattern ? "compare it with a number: `[{numeric: [\">\", 500]}]`" : "write a number"
    }
}

extension ScopedField {
    /// Whether the field's numbers are in seconds.
    var isInSeconds: Bool { path.last.map { $0.hasSuffix("seconds") || ["start", "end"].contains($0) } ?? false }
}

extension Duration {
    /// The number of seconds or milliseconds, for a pattern.
    func number(inSeconds isInSeconds: Bool) -> String {
        let number = isInSeconds ? self / .seconds(1) : self / .milliseconds(1)
        return number == number.rounded() ? String(Int(number)) : String(number)
    }
}

extension StringProtocol {
    /// The text without leading and trailing occurrences of a character.
    func trimming(_ character: Character) -> Substring {
        var rest = Substring(self)
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
