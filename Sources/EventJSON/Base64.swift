/// Base64 as RFC 4648 writes it in section 4: the standard alphabet, padded.
///
/// Decoding is strict: no blanks, no line ends, padded to a multiple of four, and no bits that the padding hides.
public enum Base64 {
    /// How many bytes a text stands for, going by its length and padding alone.
    public static func decodedCount(_ text: RawSpan) -> Int {
        let count = text.byteCount
        guard count >= 4 else { return 0 }
        var padding = 0
        while padding < 2, Lexer.byte(text, count - 1 - padding) == UInt8(ascii: "=") { padding += 1 }
        return count / 4 * 3 - padding
    }

    /// Appends the bytes that a text stands for; false, and nothing appended, when the text is not base64.
    ///
    /// An empty text stands for no bytes. A buffer that has room already is not reallocated.
    public static func decode(_ text: RawSpan, into bytes: inout [UInt8]) -> Bool {
        guard text.byteCount % 4 == 0 else { return false }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: decodedCount(text)))
        let isBase64 = bytes.withUnsafeMutableBytes { all in
            unsafe decode(text, into: UnsafeMutableRawBufferPointer(rebasing: all[start...]))
        }
        if !isBase64 { bytes.removeLast(bytes.count - start) }
        return isBase64
    }

    /// Appends the text that stands for bytes.
    public static func encode(_ bytes: RawSpan, into text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.byteCount + 2) / 3 * 4)
        var offset = 0
        while offset < bytes.byteCount {
            let count = min(3, bytes.byteCount - offset)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? UInt32(Lexer.byte(bytes, offset + index)) : 0)
            }
            for index in 0..<4 {
                text.append(index <= count ? letter(group >> UInt32(18 - 6 * index) & 63) : UInt8(ascii: "="))
            }
            offset += 3
        }
    }

    /// The text that stands for bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        encode(bytes.span.bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func letter(_ value: UInt32) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + UInt8(value)
        case 26..<52: UInt8(ascii: "a") + UInt8(value - 26)
        case 52..<62: UInt8(ascii: "0") + UInt8(value - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
