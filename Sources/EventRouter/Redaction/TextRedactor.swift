import EventJSON
import EventPatterns
import LinearExpressions
import RecordFiles

/// Takes what patterns are found in, and what stands under certain names, out of texts.
struct TextRedactor: Sendable {
    private let patterns: [TextPattern]
    /// The names whose values are taken out.
    let names: HiddenNames

    /// So many digits or words at the end of a text that broke off may be half of something that nobody may write down.
    private static let tellingDigits = 6

    init(patterns: [TextPattern], names: HiddenNames) {
        self.patterns = patterns
        self.names = names
    }

    /// Whether there is nothing to take out.
    var isEmpty: Bool { patterns.isEmpty && names.isEmpty }

    /// A text that is no valid JSON as it may be written; nil when it is fit for it.
    ///
    /// - Parameter isCut: whether the text broke off, so that its end may be half of something.
    func redacted(_ text: String, isCut: Bool) -> String? {
        if names.mayContainValue(in: text) || isFoundInEscapes(of: text) { return Redaction.mark }
        let findings = findings(in: text, wantsEnd: isCut)
        var ranges = findings.ranges
        if isCut, let open = findings.openStart, isTelling(text, from: open) {
            ranges = (ranges + [open..<text.utf8.count]).joined
        }
        return ranges.isEmpty ? nil : Self.text(text, without: ranges, upTo: text.utf8.count)
    }

    /// Whether a text, such as a number's, holds something that is to be taken out.
    func isFound(in text: String) -> Bool { !findings(in: text, wantsEnd: false).ranges.isEmpty }

    /// As much of a text as is decided while more of it is to come: without the longest end that could still become a match.
    func decided(_ text: String) -> String {
        if names.mayContainValue(in: text) || isFoundInEscapes(of: text) { return Redaction.mark }
        let findings = findings(in: text)
        var end = findings.openStart ?? text.utf8.count
        if let escape = text.utf8.firstIndex(of: UInt8(ascii: "\\")),
            self.findings(in: UnescapedText(text).text).openStart != nil
        {
            end = min(end, text.utf8.distance(from: text.utf8.startIndex, to: escape))
        }
        if let range = findings.ranges.first(where: { $0.lowerBound < end && end < $0.upperBound }) {
            end = range.lowerBound
        }
        return Self.text(text, without: findings.ranges.filter { $0.upperBound <= end }, upTo: end)
    }

    private func findings(in text: String, wantsEnd: Bool = true) -> TextFindings {
        TextPattern.findings(of: patterns, in: text, wantsEnd: wantsEnd)
    }

    /// Whether a pattern is found only where escapes are resolved: in JSON that broke off. Such a text is withheld whole.
    private func isFoundInEscapes(of text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return false }
        let written = findings(in: text, wantsEnd: false).ranges
        let rest = written.isEmpty ? text : Self.text(text, without: written, upTo: text.utf8.count)
        return isFound(in: UnescapedText(rest).text)
    }

    /// Whether the end of a text that broke off has so many digits, or words that may be digits, that it can be half of a secret.
    private func isTelling(_ text: String, from offset: Int) -> Bool {
        let end = String(decoding: text.utf8.dropFirst(offset), as: UTF8.self)
        return end.unicodeScalars.count { $0.properties.numericType != nil } >= Self.tellingDigits
            || end.split(separator: " ").count >= Self.tellingDigits
    }

    private static func text(_ text: String, without ranges: [Range<Int>], upTo end: Int) -> String {
        let bytes = Array(text.utf8)
        var (result, start) = ([UInt8](), 0)
        for range in ranges {
            result += bytes[start..<range.lowerBound]
            result += Array(Redaction.mark.utf8)
            start = range.upperBound
        }
        return String(decoding: result + bytes[start..<end], as: UTF8.self)
    }
}
