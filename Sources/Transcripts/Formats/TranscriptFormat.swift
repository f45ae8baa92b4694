import EventRouter

/// The file formats of a transcript.
public enum TranscriptFormat: String, Sendable, Hashable, CaseIterable {
    /// JSON Lines: one line per utterance, with all that is known about it.
    case jsonl
    /// Text for people: one line per utterance, with time, speaker and words.
    case text
    /// Markdown for people: one paragraph per utterance.
    case markdown
    /// WebVTT captions, with voice tags for the speakers.
    case vtt
    /// SubRip captions.
    case srt

    /// The first line of a file; empty if a file starts with its first entry.
    public var header: String {
        switch self {
        case .jsonl, .text, .srt: ""
        case .markdown: "# Transcript"
        case .vtt: "WEBVTT"
        }
    }

    /// The possible beginnings of a file in this format, so that a README is not taken for a Markdown transcript. Empty
    /// if a file may start with anything.
    var fileSignatures: [String] {
        switch self {
        case .jsonl: [#"{"session":"#, String(decoding: RecordLines.forgotten, as: UTF8.self)]
        case .markdown, .vtt: [header + "\n"]
        case .text, .srt: []
        }
    }

    /// Creates a formatter for one session.
    func makeFormatter() -> any TranscriptFormatter {
        switch self {
        case .jsonl: JSONLinesFormatter()
        case .text: ReadableFormatter(style: .text)
        case .markdown: ReadableFormatter(style: .markdown)
        case .vtt: CaptionFormatter(style: .vtt)
        case .srt: CaptionFormatter(style: .srt)
        }
    }

    /// Formats the transcript of one session; returns the lines that follow the header.
    ///
    /// - Parameter records: the session's utterances, in order. In all formats but JSON Lines, a correction replaces
    ///   the utterance that it corrects.
    public func lines(of records: some Sequence<TranscriptRecord>) -> [String] {
        var formatter = makeFormatter()
        var lines: [String] = []
        for record in self == .jsonl ? Array(records) : Self.corrected(records) {
            lines += formatter.entries(for: record)
        }
        return lines + formatter.finish().joined()
    }

    private static func corrected(_ records: some Sequence<TranscriptRecord>) -> [TranscriptRecord] {
        var result: [TranscriptRecord] = []
        var indices: [TranscriptRecord.Part: Int] = [:]
        for record in records {
            var final = record
            final.isRevised = false
            if record.isRevised, let index = indices[record.part] {
                result[index] = final
            } else {
                indices[record.part] = result.count
                result.append(final)
            }
        }
        return result
    }
}
