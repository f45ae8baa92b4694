/// The parts of a number in JSON's grammar: its sign, its significant digits, and their power of ten. Nothing is rounded.
///
/// Everything that reads a number's value reads it from these parts.
package struct DecimalSpelling {
    /// Whether a minus sign comes first; zero may have one too.
    package private(set) var isNegative = false
    /// How many significant digits there are, without zeros at either end; 0 for zero.
    package private(set) var count = 0
    /// The power of ten that the digits, read as a whole number, are multiplied by; 0 for zero.
    package private(set) var exponent = 0
    /// Where the significant digits start; a point may stand among them.
    private var start = 0

    /// No text below 2 GiB has the digits to bring an exponent beyond this back into any range.
    private static let greatestExponent = 1 << 40

    /// Takes a number apart that a `Lexer` has accepted.
    package init(_ text: RawSpan, _ range: Range<Int>) {
        var offset = range.lowerBound
        if Lexer.byte(text, offset) == UInt8(ascii: "-") {
            isNegative = true
            offset += 1
        }
        var zeros = 0
        var isFraction = false
        while offset < range.upperBound {
            let byte = Lexer.byte(text, offset)
            if byte | 0x20 == UInt8(ascii: "e") { break }
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else {
                if isFraction { exponent -= 1 }
                if byte != UInt8(ascii: "0") {
                    if count == 0 { (start, zeros) = (offset, 0) }
                    count += zeros + 1
                    zeros = 0
                } else {
                    zeros += 1
                }
            }
            offset += 1
        }
        guard count > 0 else {
            exponent = 0
            return
        }
        exponent += zeros
        if offset < range.upperBound { exponent += Self.exponent(text, offset + 1..<range.upperBound) }
    }

    private static func exponent(_ text: RawSpan, _ range: Range<Int>) -> Int {
        var value = 0
        var isNegative = false
        for offset in range {
            let byte = Lexer.byte(text, offset)
            if byte == UInt8(ascii: "-") { isNegative = true }
            guard byte &- UInt8(ascii: "0") <= 9 else { continue }
            value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), greatestExponent)
        }
        return isNegative ? -value : value
    }

    /// The significant digits as a whole number; nil when 64 bits do not hold it.
    ///
    /// - Parameter text: The text that was taken apart.
    package func coefficient(in text: RawSpan) -> UInt64? {
        guard count <= 20 else { return nil }
        var (value, hasOverflown) = (0 as UInt64, false)
        forEachDigit(in: text) { digit in
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            hasOverflown = hasOverflown || overflow || carry
            value = sum
        }
        return hasOverflown ? nil : value
    }

    /// The significant digits (0 to 9), the highest first.
    ///
    /// - Parameter text: The text that was taken apart.
    package func digits(in text: RawSpan) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(count)
        forEachDigit(in: text) { digits.append($0) }
        return digits
    }

    @inline(__always)
    private func forEachDigit(in text: RawSpan, _ body: (UInt8) -> Void) {
        var (offset, rest) = (start, count)
        while rest > 0 {
            let byte = Lexer.byte(text, offset)
            offset += 1
            if byte == UInt8(ascii: ".") { continue }
            body(byte &- UInt8(ascii: "0"))
            rest -= 1
        }
    }
}
