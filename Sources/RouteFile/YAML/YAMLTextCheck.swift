import ConfigSource

/// The limits for YAML files.
package enum YAMLLimits {
    /// The maximum size of a file, in bytes.
    package static let maximumBytes = 8 << 20
    /// The maximum nesting depth of collections.
    package static let maximumDepth = 32
    /// The maximum number of nodes that all aliases of a file together may add.
    package static let maximumAliasNodes = 10_000
}

/// Checks a file before it is parsed: its size, its encoding, and its characters.
enum YAMLTextCheck {
    /// The first problem; nil if there is none.
    static func problem(of file: SourceFile) -> Diagnostic? {
        guard file.bytes.count <= YAMLLimits.maximumBytes else { return tooLarge(file, file.bytes.count) }
        let start = file.bytes.prefix(2)
        if start.elementsEqual([0xFF, 0xFE]) || start.elementsEqual([0xFE, 0xFF]) {
            return Diagnostic(
                .error, "the file is UTF-16", at: SourceLocation(line: 1, column: 1), in: file, help: "save it as UTF-8"
            )
        }
        guard let bad = firstInvalidByte(file.bytes, from: file.textStart) else { return nil }
        let (message, help) = describe(file.bytes, at: bad)
        return Diagnostic(.error, message, at: file.location(ofByte: bad), in: file, help: help)
    }

    /// The error for a file that is too large.
    static func tooLarge(_ file: SourceFile, _ bytes: Int) -> Diagnostic {
        Diagnostic(
            .error, "the file has \(bytes) bytes, and at most \(Measure.text(bytes: YAMLLimits.maximumBytes)) are read",
            in: file,
            help: "is it the right file?")
    }

    /// The index of the first byte at which no character that YAML allows begins; nil if all characters are allowed.
    private static func firstInvalidByte(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                let isAllowed = (byte >= 0x20 && byte != 0x7F) || byte == 0x09 || byte == 0x0A || byte == 0x0D
                guard isAllowed else { return index }
                index += 1
            } else {
                guard let (scalar, length) = decode(bytes, at: index), isAllowed(scalar) else { return index }
                index += length
            }
        }
        return nil
    }

    /// Whether a non-ASCII character is allowed. U+2028 and U+2029 are not: libyaml ends lines and comments there, but
    /// editors do not show a line end.
    private static func isAllowed(_ scalar: UInt32) -> Bool {
        scalar >= 0xA0 && scalar != 0xFFFE && scalar != 0xFFFF && !isSeparator(scalar)
    }

    private static func isSeparator(_ scalar: UInt32) -> Bool { scalar == 0x2028 || scalar == 0x2029 }

    /// Decodes the scalar of two or more bytes at an index, with its length; nil if the bytes are not UTF-8.
    private static func decode(_ bytes: [UInt8], at index: Int) -> (scalar: UInt32, length: Int)? {
        let lead = bytes[index]
        let (length, smallest): (Int, UInt32) =
            switch lead {
            case 0xC2...0xDF: (2, 0x80)
            case 0xE0...0xEF: (3, 0x800)
            case 0xF0...0xF4: (4, 0x10000)
            default: (0, 0)
            }
        guard length > 0, index + length <= bytes.count else { return nil }
        var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for byte in bytes[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= smallest, Unicode.Scalar(scalar) != nil else { return nil }
        return (scalar, length)
    }

    private static func describe(_ bytes: [UInt8], at index: Int) -> (message: String, help: String) {
        if bytes[index] == 0 {
            return ("a NUL byte cannot stand in a text file", "remove it, or save the file as UTF-8 if it is UTF-16")
        }
        let scalar = bytes[index] < 0x80 ? UInt32(bytes[index]) : decode(bytes, at: index)?.scalar
        guard let scalar else {
            return ("the byte 0x\(hex(UInt32(bytes[index]), 2)) is not UTF-8 here", "save the file as UTF-8")
        }
        let escape = scalar < 0x100 ? "\\x" + hex(scalar, 2) : "\\u" + hex(scalar, 4)
        let kind = isSeparator(scalar) ? "separator" : scalar >= 0xFFFE ? "code" : "control character"
        return (
            "the \(kind) U+\(hex(scalar, 4)) cannot stand in a YAML file",
            "remove it, or write `\(escape)` inside double quotes"
        )
    }

    private static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
