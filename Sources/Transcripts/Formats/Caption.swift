import RealtimeEvents

/// One caption: a piece of an utterance that fits on the screen.
struct Caption {
    /// The time at which the caption is shown, in milliseconds since the session began.
    let time: Range<Int>
    /// The speaker: `Caller`, `Agent`, or the name that the transcription gives to one of several speakers.
    let speaker: String
    /// The text, in lines.
    let lines: [String]

    /// The captions of an utterance. Each gets a share of the time in proportion to its length. Failed speech
    /// recognition yields the caption `[not understood]`. Silence, and an assistant utterance that was not heard, yield
    /// no caption.
    static func captions(of record: TranscriptRecord, in time: Range<Int>) -> [Caption] {
        let side = record.utterance.role == .user ? "Caller" : "Agent"
        guard record.utterance.status != .interrupted || record.utterance.heardText != "" else { return [] }
        var pieces = record.speakerTurns.flatMap { voice in
            CaptionText(voice.words).pieces.map { (speaker: voice.speaker ?? side, lines: $0) }
        }
        if pieces.isEmpty, record.utterance.status == .failed { pieces = [(side, ["[not understood]"])] }
        let lengths = pieces.map { $0.lines.reduce(0) { $0 + $1.count } }
        let total = max(1, lengths.reduce(0, +))
        var start = time.lowerBound
        var shown = 0
        return zip(pieces, lengths).map { piece, length in
            shown += length
            let end = max(start + 1, time.lowerBound + Int(Double(time.count) * Double(shown) / Double(total)))
            defer { start = end }
            return Caption(time: start..<end, speaker: piece.speaker, lines: piece.lines)
        }
    }

    /// The caption in WebVTT, after an empty line.
    var webVTT: String {
        func escaped(_ text: String) -> String {
            Self.replaced(text) { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] }
        }
        return "\n\(times("."))\n<v \(escaped(speaker))>\(lines.map(escaped).joined(separator: "\n"))"
    }

    /// The caption in SubRip, before an empty line. SubRip cannot escape tags, so full-width characters replace the
    /// angle brackets and braces.
    func subRip(_ number: Int) -> String {
        func escaped(_ text: String) -> String {
            Self.replaced(text) { ["<": "＜", ">": "＞", "{": "｛", "}": "｝"][$0] }
        }
        return "\(number)\n\(times(","))\n\(escaped(speaker)): \(lines.map(escaped).joined(separator: "\n"))\n"
    }

    private func times(_ mark: String) -> String {
        "\(MediaTime(time.lowerBound).cue(mark)) --> \(MediaTime(time.upperBound).cue(mark))"
    }

    /// Replaces individual scalars of a text, even within a grapheme cluster.
    private static func replaced(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let other = replacement(scalar) {
                result.append(contentsOf: other.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}

/// A text split into pieces that fit on the screen: at most two lines of at most 42 characters each.
struct CaptionText {
    static let width = 42
    /// The pieces; each has one or two lines.
    let pieces: [[String]]

    init(_ words: [Substring]) {
        let lines = Self.lines(words)
        pieces = stride(from: 0, to: lines.count, by: 2).map { Array(lines[$0..<min($0 + 2, lines.count)]) }
    }

    private static func lines(_ words: [Substring]) -> [String] {
        var lines: [String] = []
        for word in words.flatMap(parts) {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Splits a word that is longer than a line, such as text without spaces.
    private static func parts(of word: Substring) -> [Substring] {
        var parts: [Substring] = []
        var rest = word
        while !rest.isEmpty {
            parts.append(rest.prefix(width))
            rest = rest.dropFirst(width)
        }
        return parts
    }
}
