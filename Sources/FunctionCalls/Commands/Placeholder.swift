/// A placeholder for a call's argument: a whole word `{city}`, or the end of a word, `--city={city}`.
struct Placeholder: Sendable, Hashable {
    /// The fixed text before the placeholder.
    let prefix: String
    /// The argument's name.
    let argument: String

    /// The kinds of words.
    enum WordKind: Hashable {
        /// Text that is passed unchanged.
        case fixed
        case placeholder(Placeholder)
        /// A placeholder at a position where none is allowed, with its argument's name.
        case misplaced(String)
        /// A placeholder in a script, with its argument's name.
        case code(String)
    }

    /// Parses a word.
    ///
    /// Braces that do not enclose a name are text: `{}`, `{1,3}`, `{"a":1}`, `{print $1}`.
    ///
    /// - Parameter isCode: whether the word is a script. There `${HOME}` is a variable, and no placeholder is allowed.
    static func parse(_ word: String, isCode: Bool = false) -> WordKind {
        let bytes = Array(word.utf8)
        guard let (pattern, name) = firstPattern(in: bytes, butVariables: isCode) else { return .fixed }
        let argument = String(decoding: bytes[name], as: UTF8.self)
        if isCode { return .code(argument) }
        let prefix = bytes[..<pattern.lowerBound]
        let isPlain = name.count == pattern.count - 2 && pattern.upperBound == bytes.count
        // `${city}` is shell syntax, and no shell is involved. After a prefix of dashes only, the model could choose
        // the option.
        let hasPrefix =
            prefix.isEmpty || (prefix.contains { $0 != UInt8(ascii: "-") } && prefix.last != UInt8(ascii: "$"))
        guard isPlain, hasPrefix else { return .misplaced(argument) }
        return .placeholder(Placeholder(prefix: String(decoding: prefix, as: UTF8.self), argument: argument))
    }

    /// The first braces that enclose a name, and the name without spaces around it.
    private static func firstPattern(
        in bytes: [UInt8], butVariables: Bool
    ) -> (pattern: Range<Int>, name: Range<Int>)? {
        for open in bytes.indices where bytes[open] == UInt8(ascii: "{") {
            if butVariables, open > 0, bytes[open - 1] == UInt8(ascii: "$") { continue }
            let first = bytes[(open + 1)...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
            let last = bytes[first...].firstIndex { !isNamePart($0) } ?? bytes.endIndex
            let close = bytes[last...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
            guard first < last, isNameStart(bytes[first]), close < bytes.count, bytes[close] == UInt8(ascii: "}")
            else { continue }
            return (open..<(close + 1), first..<last)
        }
        return nil
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}

/// A part of a command as configured: a word, or an optional group of words.
///
/// A group, `["--units", "{units}"]` in YAML, is left out as a whole if the call lacks one of its arguments.
package enum CommandPart: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// One word.
    case word(String)
    /// Words that are passed together or not at all.
    case group([String])

    /// Creates a word.
    package init(stringLiteral value: String) { self = .word(value) }

    /// Creates a group.
    package init(arrayLiteral elements: String...) { self = .group(elements) }

    /// The words in it.
    var words: [String] {
        switch self {
        case .word(let word): [word]
        case .group(let words): words
        }
    }
}
