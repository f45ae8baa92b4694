import RealtimeEvents

/// A session's utterances as captions.
///
/// What was written cannot be changed, and an answer that is cut off is told as a correction: so the last utterances are kept back
/// until others push them out or the session ends. A correction that comes later than that is not in the captions.
struct CaptionTrack: TranscriptForm {
    enum Style: Sendable {
        case vtt, srt
    }

    /// How many utterances are kept back.
    static let keptBack = 4

    let style: Style
    private var waiting: [TranscriptRecord] = []
    private var clock = CaptionClock()
    private var hasBegun = false
    private var number = 0

    init(style: Style) {
        self.style = style
    }

    mutating func entries(for record: TranscriptRecord) -> [String] {
        let place = waiting.firstIndex {
            $0.utterance.itemID == record.utterance.itemID && $0.utterance.contentIndex == record.utterance.contentIndex
        }
        if record.isRevised {
            if let place { waiting[place] = record }
            return []
        }
        waiting.append(record)
        return waiting.count > Self.keptBack ? captions(of: waiting.removeFirst()) : []
    }

    mutating func rest() -> [String] {
        defer { waiting = [] }
        return waiting.flatMap { captions(of: $0) }
    }

    private mutating func captions(of record: TranscriptRecord) -> [String] {
        let captions = Caption.captions(of: record, in: clock.span(of: record.utterance))
        switch style {
        case .vtt:
            let cues = captions.map(\.webVTT)
            defer { hasBegun = true }
            let name = PrintableWords.joined(record.session).replacing(">", with: "-")
            return hasBegun ? cues : ["\nNOTE session \(name)"] + cues
        case .srt:
            return captions.map { caption in
                number += 1
                return caption.subRip(number)
            }
        }
    }
}
