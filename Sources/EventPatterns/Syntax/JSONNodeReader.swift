package import ConfigSource
import EventJSON

/// Turns a JSON text into nodes with their places.
///
/// The text is checked as a whole first, so that walking through it needs no checks of its own.
package struct JSONNodeReader {
    private let file: SourceFile
    private let bytes: [UInt8]
    private let repetitionHelp: String
    private let diagnostics: Diagnostics
    private var offset = 0
    /// The last place that was asked for, from which the next one is found.
    private var place = SourceLocation(line: 1, column: 1)
    private var placeOffset = 0

    private init(_ file: SourceFile, repetitionHelp: String, _ diagnostics: Diagnostics) {
        self.file = file
        bytes = file.bytes
        self.repetitionHelp = repetitionHelp
        self.diagnostics = diagnostics
    }

    /// Reads a file that is one JSON value; nil, with an error, when it is not.
    ///
    /// - Parameters:
    ///   - file: the text.
    ///   - what: what it holds, for messages: "the pattern".
    ///   - repetitionHelp: what to do about a key that stands twice in an object.
    ///   - diagnostics: where errors go.
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

    /// The place of the offset. Walks on from the last one, because lines can be long.
    private mutating func location() -> SourceLocation {
        while placeOffset < offset {
            let byte = bytes[placeOffset]
            placeOffset += 1
            let endsLine =
                byte == 0x0A || (byte == 0x0D && !(placeOffset < bytes.count && bytes[placeOffset] == 0x0A))
            if endsLine {
                place = SourceLocation(line: place.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        return place
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

    /// Whether the container ends here; goes behind its end, or behind the comma.
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
                    "\(quoted(entry.name)) stands here twice", at: key,
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
