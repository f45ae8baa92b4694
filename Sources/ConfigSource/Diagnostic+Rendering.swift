extension Diagnostic {
    /// The diagnostic for people: a first line that editors understand (`FILE:LINE:COLUMN: error: …`), the source line
    /// with a caret under the place, the help, and the notes with their own source lines. No line feed at the end.
    ///
    /// Nothing in it can control a terminal, whatever the file contains.
    public func rendered() -> String {
        var lines = [Self.head(file: file, location: location, kind: severity.rawValue, message: message)]
        lines += Self.snippet(file, location)
        if let help { lines.append("   help: " + help.printable) }
        for note in notes {
            let noteFile = note.file ?? file
            lines.append(Self.head(file: noteFile, location: note.location, kind: "note", message: note.message))
            lines += Self.snippet(noteFile, note.location)
        }
        return lines.joined(separator: "\n")
    }

    private static func head(file: SourceFile?, location: SourceLocation?, kind: String, message: String) -> String {
        var place = ""
        if let file {
            place = file.path.printable + ":"
            if let location { place += "\(location.line):\(location.column):" }
            place += " "
        }
        return place + kind + ": " + message.printable
    }

    /// How many scalars of a long line stand before and behind the caret.
    private static let shownBefore = 100
    private static let shownBehind = 60

    private static func snippet(_ file: SourceFile?, _ location: SourceLocation?) -> [String] {
        guard let file, let location, location.line <= file.lineCount else { return [] }
        let scalars = Array(file.text(ofLine: location.line).unicodeScalars)
        let caret = min(max(location.column - 1, 0), scalars.count)
        let start = caret > shownBefore + 20 ? caret - shownBefore : 0
        let end = scalars.count > caret + shownBehind + 20 ? caret + shownBehind : scalars.count
        var source = start > 0 ? "…" : ""
        var padding = start > 0 ? " " : ""
        for (index, scalar) in zip(start..<end, scalars[start..<end]) {
            let shown = scalar == "\t" ? scalar : scalar.printable
            source.unicodeScalars.append(shown)
            guard index < caret else { continue }
            padding += scalar == "\t" ? "\t" : String(repeating: " ", count: shown.displayWidth)
        }
        if end < scalars.count { source += "…" }
        let number = String(location.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        let blank = String(repeating: " ", count: gutter.count)
        return ["\(gutter) | \(source)", "\(blank) | \(padding)^"]
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The same as ``rendered()``.
    public var description: String { rendered() }
}
