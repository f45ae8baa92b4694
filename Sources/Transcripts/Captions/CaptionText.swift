/// A text in pieces that fit a screen: at most two lines of at most 42 characters each.
struct CaptionText {
    static let width = 42
    /// The pieces, each of one or two lines.
    let pieces: [[String]]

    init(_ words: [Substring]) {
        let lines = Self.lines(words)
        pieces = stride(from: 0, to: lines.count, by: 2).map { Array(lines[$0..<min($0 + 2, lines.count)]) }
    }

    private static func lines(_ words: [Substring]) -> [String] {
        var lines: [String] = []
        for word in words.flatMap(parts) {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// A word, broken where it is longer than a line, as text without spaces is.
    private static func parts(of word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var rest = word
        while !rest.isEmpty {
            parts.append(rest.prefix(width))
            rest = rest.dropFirst(width)
        }
        return parts
    }
}
