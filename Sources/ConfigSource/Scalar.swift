extension Node {
    /// A scalar as it was written.
    public struct Scalar: Sendable, Hashable {
        /// The text, quotes and escapes undone.
        public var text: String
        /// Whether it was quoted, or a block of text: then it is a string, whatever it looks like.
        public var isQuoted: Bool
        /// Whether the text came from elsewhere, in place of a name for it. It is a string, and where a number or a boolean is
        /// wanted it is read as one.
        public let isReplaced: Bool

        /// A scalar from its text.
        public init(_ text: String, isQuoted: Bool) {
            self.text = text
            self.isQuoted = isQuoted
            isReplaced = false
        }

        /// A scalar whose text stands in place of a name for it.
        public init(replaced text: String) {
            self.text = text
            isQuoted = true
            isReplaced = true
        }

        /// What a scalar means.
        public enum Value: Sendable, Hashable {
            /// `null`, `~`, or nothing.
            case null
            /// `true` or `false`.
            case bool(Bool)
            /// A number in JSON's grammar, with its text.
            case number(String)
            /// Everything else.
            case string(String)
        }

        /// What the scalar means. Only what JSON would take for one is a number, a boolean or null; all else is a string.
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
