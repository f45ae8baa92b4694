import RealtimeEvents

/// A session's utterances as captions.
///
/// A correction that comes when its utterance was written is not in the captions.
struct CaptionTrack: TranscriptForm {
    enum Style: Sendable {
        case vtt, srt
    }

    let style: Style
    private var held = HeldUtterances()
    private var clock = CaptionClock()
    private var hasBegun = false
    private var number = 0

    init(style: Style) {
        self.style = style
    }

    mutating func entries(for record: TranscriptRecord) -> [String] {
        held.add(record).filter { !$0.isRevised }.flatMap { captions(of: $0) }
    }

    mutating func rest() -> [[String]] { held.rest().map { captions(of: $0) } }

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
