import ConfigSource

/// What somebody said, as words with single spaces between them: no line ends, nothing that a program would obey.
enum PrintableWords {
    static func joined(_ text: String) -> String {
        list(text).joined(separator: " ")
    }

    static func list(_ text: String) -> [Substring] {
        PrintableText(text).description.split(whereSeparator: \.isWhitespace)
    }
}
