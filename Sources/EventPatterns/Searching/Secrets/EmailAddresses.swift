import LinearExpressions

/// Finds e-mail addresses: a local part, `@`, and a domain of at least two labels, the last of which has two or more
/// letters.
enum EmailAddresses {
    static func findings(in text: NormalizedText) -> TextFindings {
        let bytes = text.bytes
        var ranges: [Range<Int>] = []
        // A local part begins after the previous `@`, so that each byte is visited once.
        var searchStart = 0
        for (at, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            var start = at
            while start > searchStart, isLocalPartByte(bytes[start - 1]) { start -= 1 }
            searchStart = at + 1
            if start < at, let end = domainEnd(bytes, at + 1) { ranges.append(start..<end) }
        }
        return text.findings(ranges, open: openStart(bytes))
    }

    /// Returns the end of the domain that begins at an offset; nil if there is none.
    private static func domainEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var (end, labelStart, dots) = (Int?.none, start, 0)
        for offset in start...bytes.count {
            if offset < bytes.count, isLabelByte(bytes[offset]) { continue }
            let label = bytes[labelStart..<offset]
            guard !label.isEmpty else { break }
            if dots > 0, label.count >= 2, label.contains(where: { !$0.isDigit && $0 != UInt8(ascii: "-") }) {
                end = offset
            }
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: ".") else { break }
            (labelStart, dots) = (offset + 1, dots + 1)
        }
        return end
    }

    /// Returns the start of the text's end that could become an address: the last bytes of a local part, with at most
    /// one `@`.
    private static func openStart(_ bytes: [UInt8]) -> Int? {
        var (start, ats) = (bytes.count, 0)
        while start > 0 {
            let byte = bytes[start - 1]
            if byte == UInt8(ascii: "@") { ats += 1 }
            guard isLocalPartByte(byte) || byte == UInt8(ascii: "@"), ats <= 1 else { break }
            start -= 1
        }
        return start < bytes.count ? start : nil
    }

    private static func isLocalPartByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == NormalizedText.nonASCIILetter
            || "!#$%&'*+/=?^_`{|}~.-".utf8.contains(byte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == NormalizedText.nonASCIILetter || byte == UInt8(ascii: "-")
    }
}
