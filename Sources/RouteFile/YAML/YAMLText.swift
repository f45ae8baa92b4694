import ConfigSource

/// The text of a YAML file, for the diagnostics to examine. A place is an index of a Unicode scalar.
final class YAMLText {
    let file: SourceFile
    /// The text's scalars; lazy, because a file without mistakes rarely needs them.
    private(set) lazy var scalars = Array(
        String(decoding: file.bytes[file.textStart...], as: UTF8.self).unicodeScalars)

    init(_ file: SourceFile) { self.file = file }

    /// The scalar at a place; nil outside the text.
    subscript(place: Int) -> Unicode.Scalar? {
        scalars.indices.contains(place) ? scalars[place] : nil
    }

    func location(_ place: Int) -> SourceLocation { file.location(ofScalar: place) }

    func string(_ range: Range<Int>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[range.clamped(to: scalars.indices)])
        return text
    }

    /// The first place from `place` on that is not whitespace. Line ends count as whitespace only if `andLines` is
    /// true.
    func skipBlanks(from place: Int, andLines: Bool = false) -> Int {
        var place = place
        while let scalar = self[place], Self.isBlank(scalar) || (andLines && Self.isLineEnd(scalar)) { place += 1 }
        return place
    }

    func lineStart(of place: Int) -> Int {
        var place = min(place, scalars.count)
        while place > 0, !Self.isLineEnd(scalars[place - 1]) { place -= 1 }
        return place
    }

    func lineEnd(of place: Int) -> Int {
        var place = place
        while let scalar = self[place], !Self.isLineEnd(scalar) { place += 1 }
        return place
    }

    /// Whether only whitespace precedes a place in its line.
    func isFirstInLine(_ place: Int) -> Bool {
        skipBlanks(from: lineStart(of: place)) >= place
    }

    /// Whether a bracket that opens earlier in the same line is still open at a place. Quoted brackets do not count.
    func isInsideBracketsOfLine(_ place: Int) -> Bool {
        var open = 0
        var quote: Unicode.Scalar?
        for scalar in scalars[lineStart(of: place)..<min(place, scalars.count)] {
            if let opened = quote {
                if scalar == opened { quote = nil }
                continue
            }
            switch scalar {
            case "\"", "'": quote = scalar
            case "[", "{": open += 1
            case "]", "}": open = max(0, open - 1)
            default: break
            }
        }
        return open > 0
    }

    /// Whether the bracket at a place is closed later in the text. Brackets in quotes and comments do not count.
    func isClosed(_ bracket: Int) -> Bool {
        var open = 0
        var quote: Unicode.Scalar?
        var place = bracket
        while let scalar = self[place] {
            if scalar == quote {
                quote = nil
            } else if quote == nil {
                switch scalar {
                case "\"", "'": quote = scalar
                case "[", "{": open += 1
                case "]", "}": open -= 1
                case "#" where beginsComment(place): place = lineEnd(of: place)
                default: break
                }
            }
            if open == 0 { return true }
            place += 1
        }
        return false
    }

    private func beginsComment(_ place: Int) -> Bool {
        guard self[place] == "#", let before = self[place - 1] else { return place == 0 }
        return Self.isBlank(before) || Self.isLineEnd(before) || "[{,".unicodeScalars.contains(before)
    }

    /// Whether a comment that looks like text follows a bracket in its line: `[#a, b]`.
    func hasTextLikeComment(from bracket: Int) -> Bool {
        (bracket + 1..<max(bracket + 1, lineEnd(of: bracket))).contains { place in
            guard beginsComment(place), let behind = self[place + 1] else { return false }
            return !Self.isBlank(behind) && !Self.isLineEnd(behind) && behind != "#"
        }
    }

    /// The range of the text that the author probably meant as one value. It ends at the end of the line, at a comment,
    /// or, between brackets, at a comma or closing bracket. Brackets that open inside the text belong to it.
    func run(from place: Int, inFlow: Bool) -> Range<Int> {
        var end = place
        var open = 0
        while let scalar = self[end], !Self.isLineEnd(scalar) {
            if scalar == "#", end > place, let before = self[end - 1], Self.isBlank(before) { break }
            if inFlow {
                if scalar == "{" || scalar == "[" { open += 1 }
                if scalar == "}" || scalar == "]" { open -= 1 }
                if open < 0 || (scalar == "," && open == 0) { break }
            }
            end += 1
        }
        while end > place, let last = self[end - 1], Self.isBlank(last) { end -= 1 }
        return place..<end
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

    /// The text in YAML quotes: double quotes unless the text contains `"` or `\`.
    static func inQuotes(_ text: String) -> String {
        text.contains("\"") || text.contains("\\")
            ? "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            : "\"" + text + "\""
    }

    /// The help to quote a text. It repeats the text unless it is longer than 80 characters.
    static func quoteHelp(_ text: String) -> String {
        text.unicodeScalars.count <= 80 ? "quote it: `\(inQuotes(text))`" : "quote it"
    }
}
