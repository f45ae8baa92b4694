import ConfigSource

/// What the environment holds, and what stands for it in the file.
struct HiddenValue: Sendable {
    let value: String
    let written: String

    /// The text with what stands in the file in place of the value, wherever the value is a word or several of them.
    func hide(in text: String) -> String {
        let text = replaced(value, by: written, in: text)
        // Messages cut what they quote when it is long.
        let cut = quoted(value)
        return cut == "`\(value)`" ? text : replaced(cut, by: quoted(written), in: text)
    }

    private func replaced(_ value: String, by written: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: value) {
            result += rest[..<range.lowerBound]
            let before = result.last
            let isWord = !Self.touches(before) && !Self.touches(rest[range.upperBound...].first)
            // A letter or two stand in every message by chance; quoted they do not.
            let isShort = value.count < 4
            let isQuoted = before.map { !$0.isWhitespace } ?? false
            if isWord && (!isShort || isQuoted) {
                result += written
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

/// What the environment holds, which nothing that is said may show, and what stands for it in the file.
struct HiddenValues: Sendable {
    /// The longest value first: a shorter one may be a part of it.
    private var all: [HiddenValue] = []

    /// Adds a value and what is shown in its place.
    mutating func add(_ value: String, as written: String) {
        guard !value.isEmpty, value != written else { return }
        all.append(HiddenValue(value: value, written: written))
        all.sort { $0.value.utf8.count > $1.value.utf8.count }
    }

    /// The text without any of the values.
    func hide(in text: String) -> String { all.reduce(text) { $1.hide(in: $0) } }
}
