import EventJSON
import EventPatterns
import LinearExpressions
import RecordFiles

/// Removes matches of patterns, and the values of certain names, from texts.
struct TextRedactor: Sendable {
    private let patterns: [TextPattern]
    /// The names whose values are removed.
    let names: HiddenNames

    /// With this many digits or words after a partial match, the end of a truncated text may be part of sensitive data.
    private static let suspiciousCount = 6

    init(patterns: [TextPattern], names: HiddenNames) {
        self.patterns = patterns
        self.names = names
    }

    /// Whether there are no patterns and no names.
    var isEmpty: Bool { patterns.isEmpty && names.isEmpty }

    /// Returns the redacted text, which is not valid JSON; nil if there is nothing to remove.
    ///
    /// - Parameter isCut: Whether the text is truncated, so that it may end in a partial match.
    func redacted(_ text: String, isCut: Bool) -> String? {
        if names.mayContainValue(in: text) || isFoundInEscapes(of: text) { return Redaction.mark }
        let findings = findings(in: text, wantsEnd: isCut)
        var ranges = findings.ranges
        if isCut, let open = findings.openStart, mayHoldSecret(text, from: open) {
            ranges = (ranges + [open..<text.utf8.count]).joined
        }
        return ranges.isEmpty ? nil : Self.text(text, without: ranges, upTo: text.utf8.count)
    }

    /// Whether a pattern matches in a text.
    func isFound(in text: String) -> Bool { !findings(in: text, wantsEnd: false).ranges.isEmpty }

    /// The redacted beginning of a text that is still growing, without the longest end that could still become a match.
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

    /// Whether a pattern matches only after JSON escapes are resolved, in truncated JSON. Such a text is removed
    /// entirely.
    private func isFoundInEscapes(of text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return false }
        let written = findings(in: text, wantsEnd: false).ranges
        let rest = written.isEmpty ? text : Self.text(text, without: written, upTo: text.utf8.count)
        return isFound(in: UnescapedText(rest).text)
    }

    /// Whether the end of a truncated text has enough digits, or words that may be spoken digits, to be part of
    /// sensitive data.
    private func mayHoldSecret(_ text: String, from offset: Int) -> Bool {
        let end = String(decoding: text.utf8.dropFirst(offset), as: UTF8.self)
        return end.unicodeScalars.count { $0.properties.numericType != nil } >= Self.suspiciousCount
            || end.split(separator: " ").count >= Self.suspiciousCount
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

/// The text and delta of an unfinished utterance, redacted. Text that may still become a match is held back until it is
/// decided.
struct PartialUtterance {
    private let text: String
    private let piece: String

    /// Returns nil for an event without text.
    init?(_ event: JSONObject, _ texts: TextRedactor) {
        guard let whole = event["text"]?.string else { return nil }
        text = texts.decided(whole)
        let added = event[FragmentFields.delta]?.string ?? ""
        guard whole.utf8.reversed().starts(with: added.utf8.reversed()) else {
            piece = Redaction.mark
            return
        }
        // The text that was shown before follows from the event alone, so no state is kept.
        let shown = texts.decided(String(decoding: whole.utf8.dropLast(added.utf8.count), as: UTF8.self))
        let isContinued = text.utf8.starts(with: shown.utf8)
        piece = isContinued ? String(decoding: text.utf8.dropFirst(shown.utf8.count), as: UTF8.self) : Redaction.mark
    }

    /// The redacted value of the members `text` and `delta`; nil for other members.
    func value(of member: String) -> JSONValue? {
        switch member {
        case "text": .string(text)
        case FragmentFields.delta: .string(piece)
        default: nil
        }
    }
}
