import EventRouter

/// The forms in which a transcript can be written.
public enum TranscriptFormat: String, Sendable, Hashable, CaseIterable {
    /// A line of JSON for each utterance, with all that is known of it.
    case jsonl
    /// A line for a person: when, who, what.
    case text
    /// The same as Markdown, a paragraph for each utterance.
    case markdown
    /// Captions as WebVTT, with the speaker's voice.
    case vtt
    /// Captions as SubRip.
    case srt

    /// The line that a file begins with; empty when it begins with its first entry.
    public var header: String {
        switch self {
        case .jsonl, .text, .srt: ""
        case .markdown: "# Transcript"
        case .vtt: "WEBVTT"
        }
    }

    /// How every file in this form begins, in one of these ways, so that a README is not taken for a transcript in Markdown; none
    /// where it may begin with anything.
    var beginnings: [String] {
        switch self {
        case .jsonl: [#"{"session":"#, String(decoding: RecordLines.forgotten, as: UTF8.self)]
        case .markdown, .vtt: [header + "\n"]
        case .text, .srt: []
        }
    }

    /// What a session becomes in this form.
    func makeForm() -> any TranscriptForm {
        switch self {
        case .jsonl: TranscriptLines()
        case .text: ReadableTranscript(style: .text)
        case .markdown: ReadableTranscript(style: .markdown)
        case .vtt: CaptionTrack(style: .vtt)
        case .srt: CaptionTrack(style: .srt)
        }
    }

    /// The transcript of one session in this form, as the lines that follow the header.
    ///
    /// - Parameter records: the session's utterances, in their order. In the forms for people a correction replaces what it corrects.
    public func lines(of records: some Sequence<TranscriptRecord>) -> [String] {
        var form = makeForm()
        var lines: [String] = []
        for record in self == .jsonl ? Array(records) : Self.corrected(records) { lines += form.entries(for: record) }
        return lines + form.rest().joined()
    }

    private static func corrected(_ records: some Sequence<TranscriptRecord>) -> [TranscriptRecord] {
        var result: [TranscriptRecord] = []
        var places: [TranscriptRecord.Part: Int] = [:]
        for record in records {
            var final = record
            final.isRevised = false
            if record.isRevised, let place = places[record.part] {
                result[place] = final
            } else {
                places[record.part] = result.count
                result.append(final)
            }
        }
        return result
    }
}
