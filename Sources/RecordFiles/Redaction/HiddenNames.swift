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
