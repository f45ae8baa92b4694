import RealtimeEvents

/// An utterance as captions: one for each piece of its text that fits a screen.
struct Caption {
    /// When it is shown, in ms since the session began.
    let time: Range<Int>
    /// Who speaks: `Caller` or `Agent`.
    let speaker: String
    /// What is shown, in lines.
    let lines: [String]

    /// The captions of an utterance; the time is shared out by the length of the pieces. What nobody understood has one that says
    /// so, and silence none.
    static func captions(of record: TranscriptRecord, in time: Range<Int>) -> [Caption] {
        let speaker = record.utterance.role == .user ? "Caller" : "Agent"
        var pieces = CaptionText(PrintableWords.list(record.utterance.text ?? "")).pieces
        if pieces.isEmpty, record.utterance.status == .failed { pieces = [["[not understood]"]] }
        let lengths = pieces.map { $0.reduce(0) { $0 + $1.count } }
        let total = max(1, lengths.reduce(0, +))
        var start = time.lowerBound
        var shown = 0
        return zip(pieces, lengths).map { lines, length in
            shown += length
            let end = max(start + 1, time.lowerBound + Int(Double(time.count) * Double(shown) / Double(total)))
            defer { start = end }
            return Caption(time: start..<end, speaker: speaker, lines: lines)
        }
    }

    /// The caption as WebVTT, behind an empty line.
    var webVTT: String {
        let lines = lines.map { Self.replaced($0) { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] } }
        return "\n\(times("."))\n<v \(speaker)>\(lines.joined(separator: "\n"))"
    }

    /// The caption as SubRip, before an empty line. SubRip has no way to escape its tags: their brackets become wide ones.
    func subRip(_ number: Int) -> String {
        let lines = lines.map { Self.replaced($0) { ["<": "＜", ">": "＞", "{": "｛", "}": "｝"][$0] } }
        return "\(number)\n\(times(","))\n\(speaker): \(lines.joined(separator: "\n"))\n"
    }

    private func times(_ mark: String) -> String {
        "\(MediaTime(time.lowerBound).cue(mark)) --> \(MediaTime(time.upperBound).cue(mark))"
    }

    /// The text with some of its characters replaced, whatever they are combined with.
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
