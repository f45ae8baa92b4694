import ConfigSource

/// The value of an environment variable, and the text that replaces it in messages.
struct MaskedValue: Sendable {
    let value: String
    let placeholder: String

    /// Replaces the value with its placeholder wherever it is a whole word or several whole words.
    func hide(in text: String) -> String {
        let text = replaced(value, by: placeholder, in: text)
        // Messages truncate long values, so the truncated form is replaced too.
        let cut = quoted(value)
        return cut == "`\(value)`" ? text : replaced(cut, by: quoted(placeholder), in: text)
    }

    private func replaced(_ value: String, by placeholder: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: value) {
            result += rest[..<range.lowerBound]
            let before = result.last
            let isWord = !Self.touches(before) && !Self.touches(rest[range.upperBound...].first)
            // A value of one to three characters occurs in messages by chance, so it is replaced only if a character
            // other than whitespace precedes it, such as a quotation mark.
            let isShort = value.count < 4
            let isQuoted = before.map { !$0.isWhitespace } ?? false
            if isWord && (!isShort || isQuoted) {
                result += placeholder
                rest = rest[range.upperBound...]
            } else {
                result.append(rest[range.lowerBound])
                rest = rest[rest.index(after: range.lowerBound)...]
            }
        }
        return result + rest
    }

    private static func touches(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
}

/// The values of environment variables that messages must not show.
struct ValueMask: Sendable {
    /// The values, longest first, because a short value may be part of a long one.
    private var all: [MaskedValue] = []

    /// Adds a value and its placeholder. Ignores an empty value.
    mutating func add(_ value: String, as placeholder: String) {
        guard !value.isEmpty, value != placeholder else { return }
        all.append(MaskedValue(value: value, placeholder: placeholder))
        all.sort { $0.value.utf8.count > $1.value.utf8.count }
    }

    /// Replaces all values with their placeholders.
    func hide(in text: String) -> String { all.reduce(text) { $1.hide(in: $0) } }
}
