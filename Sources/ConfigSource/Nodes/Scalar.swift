extension Node {
    /// A scalar with its original text.
    public struct Scalar: Sendable, Hashable {
        /// The text, without quotes and with escapes decoded.
        public var text: String
        /// Whether the scalar was quoted or a block of text. If so, it is always a string.
        public var isQuoted: Bool
        /// Whether the text replaced a reference such as an environment variable's name. The scalar is a string, but
        /// can be read as a number or a boolean where one is expected.
        public let isReplaced: Bool

        /// A scalar from its text.
        public init(_ text: String, isQuoted: Bool) {
            self.text = text
            self.isQuoted = isQuoted
            isReplaced = false
        }

        /// A scalar whose text replaced a reference.
        public init(replaced text: String) {
            self.text = text
            isQuoted = true
            isReplaced = true
        }

        /// The value that a scalar represents.
        public enum Value: Sendable, Hashable {
            /// `null`, `~`, or an empty text.
            case null
            /// `true` or `false`.
            case bool(Bool)
            /// A number in JSON's grammar, with its text.
            case number(String)
            /// Everything else.
            case string(String)
        }

        /// The value that the scalar represents. Only JSON's spellings are numbers, booleans and null (besides `~` and
        /// an empty text); everything else is a string.
        public var value: Value {
            if isQuoted { return .string(text) }
            switch text {
            case "", "~", "null": return .null
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: return Self.isNumber(text.utf8) ? .number(text) : .string(text)
            }
        }

        /// Whether a text is a number in JSON's grammar.
        static func isNumber(_ text: String.UTF8View) -> Bool {
            var rest = text[...]
            func digits() -> Int {
                let tail = rest.drop { isDigit($0) }
                let count = rest.count - tail.count
                rest = tail
                return count
            }
            if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            let startsWithZero = rest.first == UInt8(ascii: "0")
            let integerDigits = digits()
            guard integerDigits == 1 || (integerDigits > 1 && !startsWithZero) else { return false }
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                guard digits() > 0 else { return false }
            }
            if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
                rest = rest.dropFirst()
                if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
                guard digits() > 0 else { return false }
            }
            return rest.isEmpty
        }

        static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    }
}

extension Node.Scalar {
    /// A warning for a plain scalar that is a string here, but that other YAML parsers read as a boolean, null or a
    /// number: `yes`, `True`, `0x1F`, `010`, `.5`, `+5`, `1_000`, `1:30`, `.inf`. Nil for other scalars.
    ///
    /// The parser does not report the warning, because such a scalar is a problem only in some places.
    public var lookAlike: String? {
        guard let meant = lookAlikeMeaning else { return nil }
        return "plain \(quoted(text)) is a string, not \(meant.kind)"
    }

    /// What to write instead; nil if ``lookAlike`` is nil.
    public var lookAlikeHelp: String? {
        guard let meant = lookAlikeMeaning else { return nil }
        let asString = "write `\"\(text)\"` for the string"
        return meant.replacement.map { asString + ", or `\($0)`" } ?? asString
    }

    private struct Meaning {
        let kind: String
        var replacement: String?
    }

    private var lookAlikeMeaning: Meaning? {
        guard !isQuoted, let first = text.utf8.first, text.utf8.count <= 64 else { return nil }
        switch text {
        case "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return Meaning(kind: "true", replacement: "true")
        case "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF":
            return Meaning(kind: "false", replacement: "false")
        case "Null", "NULL": return Meaning(kind: "null", replacement: "null")
        default: break
        }
        let startsLikeNumber =
            Self.isDigit(first) || [UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(first)
        guard startsLikeNumber, !Self.isNumber(text.utf8) else { return nil }
        return Self.numberMeaning(text)
    }

    private static func numberMeaning(_ text: String) -> Meaning? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(digits) {
            return Meaning(kind: "a number (JSON has none like it)")
        }
        let sign = isNegative ? "-" : ""
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            let rest = digits.dropFirst(2).filter { $0 != "_" }
            guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && $0.hexDigitValue.map { $0 < radix } ?? false }) else {
                return nil
            }
            return Meaning(kind: "a number", replacement: Int(rest, radix: radix).map { sign + String($0) })
        }
        if isSexagesimal(digits.utf8) { return Meaning(kind: "a number") }
        let plain = String(digits.filter { $0 != "_" })
        guard let cleaned = cleanedDecimal(plain) else { return nil }
        // Some parsers read 010 as eight and others as ten, so it is unclear which one was meant.
        let hasLeadingZero =
            plain.utf8.count > 1 && plain.utf8.first == UInt8(ascii: "0")
            && plain.utf8.dropFirst().first.map(isDigit) == true
        return Meaning(kind: "a number", replacement: hasLeadingZero ? nil : sign + cleaned)
    }

    /// The text as a number in JSON's grammar: `0.5` for `.5`, `5.0` for `5.`, `7` for `007`; nil if the text is not a
    /// decimal number.
    private static func cleanedDecimal(_ text: String) -> String? {
        let exponentStart = text.firstIndex { $0 == "e" || $0 == "E" } ?? text.endIndex
        let parts = text[..<exponentStart].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.contains(where: { !$0.isEmpty }) else { return nil }
        let trimmed = whole.drop { $0 == "0" }
        var result = trimmed.isEmpty ? "0" : String(trimmed)
        if parts.count == 2 { result += "." + (parts[1].isEmpty ? "0" : parts[1]) }
        result += text[exponentStart...]
        return isNumber(result.utf8) ? result : nil
    }

    /// Whether the text is a base-60 number of YAML 1.1, such as `1:30` or `12:30:45`.
    private static func isSexagesimal(_ text: Substring.UTF8View) -> Bool {
        let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return false }
        return groups.dropFirst().allSatisfy {
            $0.count == 1 || ($0.count == 2 && $0.first.map { $0 < UInt8(ascii: "6") } ?? false)
        }
    }
}
