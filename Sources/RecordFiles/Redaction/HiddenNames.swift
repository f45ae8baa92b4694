/// Names whose values nobody may write down, as they are found in JSON that cannot be parsed.
package struct HiddenNames: Sendable {
    private let names: Set<String>

    /// Makes a set of names.
    package init(_ names: Set<String>) {
        self.names = names
    }

    /// Whether there are none.
    package var isEmpty: Bool { names.isEmpty }

    /// Whether a name is one of them.
    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// Whether a value may stand under one of the names in a text that is no valid JSON: JSON that broke off, that stands among
    /// other words, or whose quotes and escapes are not those of JSON.
    ///
    /// With a brace in it, or with a bracket as its beginning, a text counts as JSON: there a name may be written without quotes, and
    /// an escape that nobody knows may hide one. In other texts a name counts in quotes only, for people say such words too.
    package func mayStand(in text: String) -> Bool {
        guard !names.isEmpty else { return false }
        let escaped = EscapedText(text)
        if Self.looksLikeJSON(escaped.text) {
            return escaped.isDoubtful || names.contains { escaped.text.contains($0) }
        }
        return names.contains { escaped.text.contains("\"\($0)\"") || escaped.text.contains("'\($0)'") }
    }

    private static func looksLikeJSON(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "{")) || text.utf8.first { $0 > 0x20 } == UInt8(ascii: "[")
    }
}

/// A text with its escapes resolved, as a lenient reader of JSON or JavaScript would.
///
/// Escapes of escapes are resolved too: JSON within JSON that broke off keeps its backslashes.
package struct EscapedText {
    /// The text without escapes.
    package private(set) var text: String
    /// Whether there is an escape that neither JSON nor JavaScript knows.
    package private(set) var isDoubtful = false

    /// As often are escapes of escapes resolved.
    private static let mostRounds = 8

    /// Resolves the escapes of a text.
    package init(_ written: String) {
        text = written
        guard written.utf8.contains(UInt8(ascii: "\\")) else { return }
        var scalars = Array(written.unicodeScalars)
        for _ in 0..<Self.mostRounds {
            guard scalars.contains("\\") else { break }
            scalars = resolved(scalars)
        }
        if scalars.contains("\\") { isDoubtful = true }
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

    /// The scalar that an escape stands for whose letter is at an index, nil if it stands for none, and where it ends.
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
            isDoubtful = true
            return (scalars[index].value, index + 1)
        }
    }

    /// The value of hexadecimal digits. What a text breaks off in stands for nothing.
    private mutating func hexadecimal(
        _ digits: ArraySlice<Unicode.Scalar>, end: Int, of scalars: [Unicode.Scalar]
    ) -> (UInt32?, Int) {
        guard end <= scalars.count else { return (nil, scalars.count) }
        let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
        if value == nil { isDoubtful = true }
        return (value, value == nil ? digits.startIndex : end)
    }
}
