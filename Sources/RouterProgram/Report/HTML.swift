import RealtimeRouter

/// A piece of HTML. Interpolated strings are escaped, because they may come from callers or servers; interpolated `HTML` is not.
struct HTML: ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The markup.
    let description: String

    init(stringLiteral markup: String) { description = markup }

    init(stringInterpolation: StringInterpolation) { description = stringInterpolation.markup }

    private init(markup: String) { description = markup }

    /// Joins pieces with line ends.
    init(_ pieces: some Sequence<HTML>) { self.init(markup: pieces.map(\.description).joined(separator: "\n")) }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { markup += literal }

        mutating func appendInterpolation(_ piece: HTML) { markup += piece.description }

        mutating func appendInterpolation(_ pieces: [HTML]) { markup += HTML(pieces).description }

        mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// A number for a style sheet, rounded to two decimals.
        mutating func appendInterpolation(_ number: Double) {
            markup += number.isFinite ? String((number * 100).rounded() / 100) : "0"
        }

        /// A text, escaped, without control characters and marks that change the writing direction.
        mutating func appendInterpolation(_ text: String) {
            for character in PrintableText(text).description.unicodeScalars {
                switch character {
                case "&": markup += "&amp;"
                case "<": markup += "&lt;"
                case ">": markup += "&gt;"
                case "\"": markup += "&quot;"
                case "'": markup += "&#39;"
                default: markup.unicodeScalars.append(character)
                }
            }
        }
    }
}
