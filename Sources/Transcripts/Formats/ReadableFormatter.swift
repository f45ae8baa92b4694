import RealtimeEvents

/// Formats a session's utterances for people: as text with one line per utterance, or as Markdown with one paragraph
/// each.
///
/// A correction that arrives after its utterance was written becomes another entry, marked as corrected.
struct ReadableFormatter: TranscriptFormatter {
    enum Style: Sendable {
        case text, markdown
    }

    let style: Style
    private var buffer: CorrectionBuffer
    private var hasBegun = false

    init(style: Style, buffer: CorrectionBuffer = CorrectionBuffer()) {
        self.style = style
        self.buffer = buffer
    }

    mutating func entries(for record: TranscriptRecord) -> [String] { buffer.add(record).flatMap { lines(of: $0) } }

    mutating func finish() -> [[String]] { buffer.finish().map { lines(of: $0) } }

    private mutating func lines(of record: TranscriptRecord) -> [String] {
        let time = record.reading
        let remarks = [record.remark, record.isRevised ? "corrected" : nil].compactMap(\.self).map { "[\($0)]" }
        defer { hasBegun = true }
        switch style {
        case .text:
            let words = ([record.words] + remarks).filter { !$0.isEmpty }.joined(separator: " ")
            let head = "\(pad(time ?? "", before: true, 7))  \(pad(record.speaker, before: false, 6))"
            let line = "\(head)  \(words)".trimmingTrailingSpaces
            return hasBegun ? [line] : ["== " + PrintableWords.joined(record.session), line]
        case .markdown:
            let words = ([MarkdownText(record.words).description] + remarks.map { "*\($0)*" })
                .filter { !$0.isEmpty }
            let speaker = record.speaker.prefix(1).uppercased() + record.speaker.dropFirst()
            let paragraph = "\n**\(speaker)**\(time.map { " (\($0))" } ?? ""): \(words.joined(separator: " "))"
            let heading = "\n## " + MarkdownText(PrintableWords.joined(record.session)).description
            return hasBegun ? [paragraph] : [heading, paragraph]
        }
    }

    private func pad(_ text: String, before: Bool, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return before ? space + text : text + space
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// A text escaped for Markdown: no markup, HTML or links take effect.
struct MarkdownText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if Self.marks.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        // Many Markdown programs turn addresses into links, even without markup.
        description = String(result).replacing("://", with: ":\\//").replacing("www.", with: "www\\.")
    }

    private static let marks: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "|", "~", "$", "@",
    ]
}
