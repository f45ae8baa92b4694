import LinearExpressions

/// Finds e-mail addresses: a name, `@`, and a domain of at least two labels, the last of which has two letters or more.
enum EmailAddresses {
    static func findings(in text: PlainText) -> TextFindings {
        let bytes = text.bytes
        var ranges: [Range<Int>] = []
        // Names are looked for behind the `@` before, so that no text is walked twice.
        var least = 0
        for (at, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            var start = at
            while start > least, isOfName(bytes[start - 1]) { start -= 1 }
            least = at + 1
            if start < at, let end = domainEnd(bytes, at + 1) { ranges.append(start..<end) }
        }
        return text.findings(ranges, open: openStart(bytes))
    }

    /// Where the domain ends that begins at an offset; nil when it is none.
    private static func domainEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var (end, labelStart, dots) = (Int?.none, start, 0)
        for offset in start...bytes.count {
            if offset < bytes.count, isOfLabel(bytes[offset]) { continue }
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

    /// Where the end of the text begins that may become an address: its last word, and what is joined to it.
    private static func openStart(_ bytes: [UInt8]) -> Int? {
        var (start, ats) = (bytes.count, 0)
        while start > 0 {
            let byte = bytes[start - 1]
            if byte == UInt8(ascii: "@") { ats += 1 }
            guard isOfName(byte) || byte == UInt8(ascii: "@"), ats <= 1 else { break }
            start -= 1
        }
        return start < bytes.count ? start : nil
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == PlainText.letter || "!#$%&'*+/=?^_`{|}~.-".utf8.contains(byte)
    }

    private static func isOfLabel(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == PlainText.letter || byte == UInt8(ascii: "-")
    }
}
