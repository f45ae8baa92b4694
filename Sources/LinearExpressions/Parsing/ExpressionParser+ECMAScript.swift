// The syntax that ECMA-262 has in addition to I-Regexp.
extension ExpressionParser {
    /// Parses the rest of an escape after its letter; returns nil if the dialect does not have the escape.
    mutating func ecmaScriptEscape(_ letter: Unicode.Scalar) throws(ExpressionError) -> Escape? {
        switch letter {
        case "d": return .ranges(Self.digits)
        case "D": return .ranges(Self.others(than: Self.digits))
        case "w": return .ranges(Self.wordCharacters)
        case "W": return .ranges(Self.others(than: Self.wordCharacters))
        case "s": return .ranges(Self.blanks)
        case "S": return .ranges(Self.others(than: Self.blanks))
        case "f": return .scalar("\u{0C}")
        case "v": return .scalar("\u{0B}")
        case "0": return .scalar("\0")
        case "x": return .scalar(try hexadecimal(digits: 2))
        case "u": return .scalar(try consume("{") ? codePoint() : codeUnits())
        case "c": return .scalar(try control())
        // The standard does not allow these escapes, but every engine accepts them.
        case _ where letter.isASCII && !letter.properties.isAlphabetic && letter.properties.numericType == nil:
            return .scalar(letter)
        default: return nil
        }
    }

    /// Parses what follows `(?`. Named and unnamed groups are treated like plain ones.
    mutating func groupName() throws(ExpressionError) {
        guard dialect == .ecmaScript else {
            throw error("`(?` is not part of I-Regexp", help: "there are only plain groups: no look-around, no flags")
        }
        let start = index
        index += 1
        if consume(":") { return }
        if consume("<"), next != "=", next != "!" {
            while let scalar = next, scalar != ">" {
                guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" else {
                    break
                }
                index += 1
            }
            if consume(">") { return }
        }
        index = start
        throw error(
            "`(?` begins neither `(?:…)` nor `(?<name>…)`", help: "there is no look-around, and there are no flags")
    }

    private mutating func hexadecimal(digits: Int) throws(ExpressionError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(try hexadecimalValue(digits...digits)) else {
            throw error("half of a surrogate pair")
        }
        return scalar
    }

    private mutating func hexadecimalValue(_ count: ClosedRange<Int>) throws(ExpressionError) -> UInt32 {
        var value: UInt32 = 0
        var read = 0
        while read < count.upperBound, let digit = next?.properties.isASCIIHexDigit == true ? next : nil {
            value = value << 4 | UInt32(String(digit), radix: 16)!
            index += 1
            read += 1
        }
        guard read >= count.lowerBound else { throw error("\(count.lowerBound) hexadecimal digits are missing") }
        return value
    }

    private mutating func codePoint() throws(ExpressionError) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(try hexadecimalValue(1...6)), consume("}") else {
            throw error("`\\u{…}` needs the number of a character", help: "for example `\\u{1F600}`")
        }
        return scalar
    }

    private mutating func codeUnits() throws(ExpressionError) -> Unicode.Scalar {
        let first = try hexadecimalValue(4...4)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, consume("\\"), consume("u") else { throw error("half of a surrogate pair") }
        let second = try hexadecimalValue(4...4)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("half of a surrogate pair") }
        return scalar
    }

    private mutating func control() throws(ExpressionError) -> Unicode.Scalar {
        guard let letter = next, letter.isASCII, letter.properties.isAlphabetic,
            let control = Unicode.Scalar(letter.value & 0x1F)
        else { throw error("`\\c` needs a letter") }
        index += 1
        return control
    }

    private static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    private static let wordCharacters: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    private static let blanks: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]

    /// The complement of ranges that are in order.
    private static func others(than ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var others: [ClosedRange<UInt32>] = []
        var start: UInt32 = 0
        for range in ranges {
            if range.lowerBound > start { others.append(start...range.lowerBound - 1) }
            start = range.upperBound + 1
        }
        return others + [start...0x10FFFF]
    }
}
