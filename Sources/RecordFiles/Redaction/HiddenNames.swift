/// Names whose values must be redacted, for text that cannot be parsed as JSON.
package struct HiddenNames: Sendable {
    private let names: Set<String>

    /// Creates a set of names.
    package init(_ names: Set<String>) {
        self.names = names
    }

    /// Whether there are no names.
    package var isEmpty: Bool { names.isEmpty }

    /// Whether the values of a name must be redacted.
    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// Whether a text that is not valid JSON may contain a value of one of the names: truncated JSON, JSON within other
    /// text, or JSON with non-standard quotes and escapes.
    ///
    /// A text that contains a brace, or begins with a bracket, is treated as JSON. There a name counts even without
    /// quotes, and an unknown escape counts as a possible name. In any other text only a quoted name counts, because
    /// the names are also words of ordinary speech.
    package func mayContainValue(in text: String) -> Bool {
        guard !names.isEmpty else { return false }
        let unescaped = UnescapedText(text)
        if Self.looksLikeJSON(unescaped.text) {
            return unescaped.hasUnknownEscape || names.contains { unescaped.text.contains($0) }
        }
        return names.contains { unescaped.text.contains("\"\($0)\"") || unescaped.text.contains("'\($0)'") }
    }

    private static func looksLikeJSON(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "{")) || text.utf8.first { $0 > 0x20 } == UInt8(ascii: "[")
    }
}

/// A text with its escapes decoded, as a lenient parser of JSON or JavaScript would.
///
/// Escapes of escapes are decoded too, because truncated JSON within JSON keeps its backslashes.
package struct UnescapedText {
    /// The text without escapes.
    package private(set) var text: String
    /// Whether the text contains an escape that is neither JSON's nor JavaScript's.
    package private(set) var hasUnknownEscape = false

    /// The number of levels of nested escapes that are decoded.
    private static let mostRounds = 8

    /// Decodes the escapes of a text.
    package init(_ written: String) {
        text = written
        guard written.utf8.contains(UInt8(ascii: "\\")) else { return }
        var scalars = Array(written.unicodeScalars)
        for _ in 0..<Self.mostRounds {
            guard scalars.contains("\\") else { break }
            scalars = resolved(scalars)
        }
        if scalars.contains("\\") { hasUnknownEscape = true }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        text = String(view)
    }

    private mutating func resolved(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var index = 0
        var high: UInt32?
        while index < scalars.count {
            guard scalars[index] == "\\" else {
                (high, index) = (nil, index + 1)
                result.append(scalars[index - 1])
                continue
            }
            let (value, end) = value(scalars, index + 1)
            index = end
            if let value, (0xD800..<0xDC00).contains(value) {
                high = value
            } else if let low = value, let first = high, (0xDC00..<0xE000).contains(low) {
                high = nil
                result.append(Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}")
            } else if let value {
                high = nil
                result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            }
        }
        return result
    }

    /// Decodes the escape whose letter is at an index. Returns its scalar, or nil if the escape is truncated or has
    /// invalid digits, and the index at which to continue.
    private mutating func value(_ scalars: [Unicode.Scalar], _ index: Int) -> (UInt32?, Int) {
        guard index < scalars.count else { return (nil, index) }
        switch scalars[index] {
        case "u" where index + 1 < scalars.count && scalars[index + 1] == "{":
            let digits = scalars[(index + 2)...].prefix(8).prefix { $0 != "}" }
            return hexadecimal(digits, end: digits.endIndex + 1, of: scalars)
        case "u": return hexadecimal(scalars[(index + 1)...].prefix(4), end: index + 5, of: scalars)
        case "x": return hexadecimal(scalars[(index + 1)...].prefix(2), end: index + 3, of: scalars)
        case "n", "r", "t", "b", "f", "v", "\n": return (0x20, index + 1)
        case "\"", "'", "\\", "/", "`": return (scalars[index].value, index + 1)
        default:
            hasUnknownEscape = true
            return (scalars[index].value, index + 1)
        }
    }

    /// The value of hexadecimal digits. A truncated escape has no value.
    private mutating func hexadecimal(
        _ digits: ArraySlice<Unicode.Scalar>, end: Int, of scalars: [Unicode.Scalar]
    ) -> (UInt32?, Int) {
        guard end <= scalars.count else { return (nil, scalars.count) }
        let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
        if value == nil { hasUnknownEscape = true }
        return (value, value == nil ? digits.startIndex : end)
    }
}
