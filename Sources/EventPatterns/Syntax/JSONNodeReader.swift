package import ConfigSource
import EventJSON

/// Parses JSON text into nodes with source locations.
///
/// The text is validated as a whole before it is read, so reading needs no error handling.
package struct JSONNodeReader {
    private let file: SourceFile
    private let bytes: [UInt8]
    private let repetitionHelp: String
    private let diagnostics: Diagnostics
    private var offset = 0
    /// The most recently computed location. ``location()`` continues from here.
    private var lastLocation = SourceLocation(line: 1, column: 1)
    private var lastLocationOffset = 0

    private init(_ file: SourceFile, repetitionHelp: String, _ diagnostics: Diagnostics) {
        self.file = file
        bytes = file.bytes
        self.repetitionHelp = repetitionHelp
        self.diagnostics = diagnostics
    }

    /// Parses a file that contains one JSON value. If it does not, reports an error and returns nil.
    ///
    /// - Parameters:
    ///   - file: the JSON text.
    ///   - what: what the file contains, for messages: "the pattern".
    ///   - repetitionHelp: the help text for a duplicate key in an object.
    ///   - diagnostics: receives errors.
    package static func read(
        _ file: SourceFile, what: String, repetitionHelp: String, _ diagnostics: Diagnostics
    ) -> Node? {
        do throws(JSONSyntaxError) {
            let value = try JSONValue(parsing: file.bytes)
            guard value.depth <= PatternLimits.depth * 4 else {
                diagnostics.error("\(what) is nested too deep", in: file)
                return nil
            }
        } catch {
            diagnostics.error(
                "\(what) is not JSON: \(error)", at: file.location(ofByte: error.offset), in: file)
            return nil
        }
        var reader = JSONNodeReader(file, repetitionHelp: repetitionHelp, diagnostics)
        return reader.value()
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    /// Returns the location of `offset`. Continues from the previous location, because lines can be long.
    private mutating func location() -> SourceLocation {
        while lastLocationOffset < offset {
            let byte = bytes[lastLocationOffset]
            lastLocationOffset += 1
            let endsLine =
                byte == 0x0A
                || (byte == 0x0D && !(lastLocationOffset < bytes.count && bytes[lastLocationOffset] == 0x0A))
            if endsLine {
                lastLocation = SourceLocation(line: lastLocation.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                lastLocation.column += 1
            }
        }
        return lastLocation
    }

    private mutating func value() -> Node {
        skipBlanks()
        let location = location()
        let content: Node.Content =
            switch bytes[offset] {
            case UInt8(ascii: "{"): .mapping(entries())
            case UInt8(ascii: "["): .list(elements())
            case UInt8(ascii: "\""): .scalar(Node.Scalar(string(), isQuoted: true))
            default: .scalar(Node.Scalar(word(), isQuoted: false))
            }
        return Node(content, at: location, in: file)
    }

    /// Skips a comma or the closing bracket; returns whether it was the bracket.
    private mutating func ends(_ closing: UInt8) -> Bool {
        skipBlanks()
        if bytes[offset] == UInt8(ascii: ",") { offset += 1 }
        guard bytes[offset] == closing else { return false }
        offset += 1
        return true
    }

    private mutating func elements() -> [Node] {
        var elements: [Node] = []
        offset += 1
        while !ends(UInt8(ascii: "]")) { elements.append(value()) }
        return elements
    }

    private mutating func entries() -> [Node.Entry] {
        var entries: [Node.Entry] = []
        offset += 1
        while !ends(UInt8(ascii: "}")) {
            let key = value()
            skipBlanks()
            offset += 1
            let entry = Node.Entry(key: key, value: value())
            if let first = entries.first(where: { $0.name.utf8.elementsEqual(entry.name.utf8) }) {
                diagnostics.error(
                    "\(quoted(entry.name)) is a duplicate key", at: key,
                    help: repetitionHelp,
                    notes: [Diagnostic.Note("the first is here", at: first.key)])
            } else {
                entries.append(entry)
            }
        }
        return entries
    }

    private mutating func string() -> String {
        let start = offset
        offset += 1
        while bytes[offset] != UInt8(ascii: "\"") { offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1 }
        offset += 1
        return (try? JSONValue(parsing: Array(bytes[start..<offset])))?.string ?? ""
    }

    private mutating func word() -> String {
        let start = offset
        let ends: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")]
        while offset < bytes.count, !ends.contains(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}

extension JSONValue {
    fileprivate var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }
}
