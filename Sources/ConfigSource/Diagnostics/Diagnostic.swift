/// An error or a warning at a place in a file.
///
/// The message says what is wrong, in lower case and without a full stop; `help` says what to write instead.
public struct Diagnostic: Sendable, Hashable {
    /// The severity of the diagnostic.
    public enum Severity: String, Sendable, Hashable {
        /// The file cannot be used.
        case error
        /// The file can be used, but probably does not say what its author meant.
        case warning
    }

    /// A second place that explains the diagnostic, such as where a name was first defined.
    public struct Note: Sendable, Hashable {
        /// What to see at that place.
        public var message: String
        /// The place; nil if the note is not about a place in a file.
        public var location: SourceLocation?
        /// The file, if it differs from the diagnostic's file; otherwise nil.
        public var file: SourceFile?

        /// A note on a place, in the diagnostic's own file unless another file is given.
        public init(_ message: String, at location: SourceLocation?, in file: SourceFile? = nil) {
            self.message = message
            self.location = location
            self.file = file
        }

        /// A note on a node.
        public init(_ message: String, at node: Node) {
            self.init(message, at: node.file == nil ? nil : node.location, in: node.file)
        }
    }

    /// The severity of the diagnostic.
    public var severity: Severity
    /// What is wrong.
    public var message: String
    /// The place; nil if the diagnostic concerns the whole file or no file.
    public var location: SourceLocation?
    /// The file; nil if the configuration was created in code.
    public var file: SourceFile?
    /// What to do about it, for example what to write instead.
    public var help: String?
    /// Further places.
    public var notes: [Note]

    /// A diagnostic from its parts.
    public init(
        _ severity: Severity, _ message: String, at location: SourceLocation? = nil, in file: SourceFile? = nil,
        help: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.message = message
        self.location = location
        self.file = file
        self.help = help
        self.notes = notes
    }
}

extension Diagnostic {
    /// The diagnostic as text: a first line that editors understand (`FILE:LINE:COLUMN: error: …`), the source line
    /// with a caret under the place, the help, and the notes with their source lines. No line feed at the end.
    ///
    /// The text contains no characters that control a terminal, whatever the file contains.
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

    /// The number of scalars of a long line that are shown before and after the caret.
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
