/// A place for a call's argument in a word of a command: `{city}` as the whole word, or as the end of one, `--city={city}`.
struct Placeholder: Sendable, Hashable {
    /// What stands before it.
    let start: String
    /// The argument's name.
    let argument: String

    /// What a word is.
    enum Reading: Hashable {
        /// Text that is passed as it is.
        case fixed
        case placeholder(Placeholder)
        /// A placeholder that cannot stand where it does, with the name in it.
        case misplaced(String)
        /// What looks like a placeholder, with this name in it, in a script.
        case code(String)
    }

    /// Reads a word.
    ///
    /// Braces around anything but a name are text: `{}`, `{1,3}`, `{"a":1}`, `{print $1}`.
    ///
    /// - Parameter isCode: whether the word is a script: there `${HOME}` is a variable, and nothing is a placeholder.
    static func read(_ word: String, isCode: Bool = false) -> Reading {
        let bytes = Array(word.utf8)
        guard let (pattern, name) = firstPattern(in: bytes, butVariables: isCode) else { return .fixed }
        let argument = String(decoding: bytes[name], as: UTF8.self)
        if isCode { return .code(argument) }
        let start = bytes[..<pattern.lowerBound]
        let isPlain = name.count == pattern.count - 2 && pattern.upperBound == bytes.count
        // `${city}` is a shell's notation, and nobody here is a shell. A start of dashes only, and the model would
        // choose the option.
        let hasStart = start.isEmpty || (start.contains { $0 != UInt8(ascii: "-") } && start.last != UInt8(ascii: "$"))
        guard isPlain, hasStart else { return .misplaced(argument) }
        return .placeholder(Placeholder(start: String(decoding: start, as: UTF8.self), argument: argument))
    }

    /// The first braces around a name and the name in them, blanks left out.
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

/// A part of a command as it is written: a word, or an optional group of words.
///
/// A group, `["--units", "{units}"]` in YAML, is left out as a whole when one of its arguments is absent from the call.
package enum CommandPart: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// One word.
    case word(String)
    /// Words that come together or not at all.
    case group([String])

    /// A word.
    package init(stringLiteral value: String) { self = .word(value) }

    /// A group.
    package init(arrayLiteral elements: String...) { self = .group(elements) }

    /// The words in it.
    var words: [String] {
        switch self {
        case .word(let word): [word]
        case .group(let words): words
        }
    }
}
