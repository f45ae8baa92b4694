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

/// When a session's utterances are on the screen, in ms since it began.
///
/// Somebody's speech is there from its start to its end as the server heard them; an answer for as long as the audio that came
/// for it takes to play, or until it was cut off. Audio comes faster than it plays, so an answer begins when the one before it is
/// over. What was typed is there for as long as it takes to read. Where nothing says when it began, it follows the utterance
/// before it.
struct CaptionClock: Sendable {
    /// No utterance is shown before one that stands earlier in the conversation.
    private var lastStart = 0
    private var lastEnd = 0
    private var answerEnd = 0

    mutating func span(of utterance: Utterance) -> Range<Int> {
        let isAnswer = utterance.role != .user
        var start = Self.bounded(utterance.startedMs ?? utterance.audioStartMs) ?? lastEnd
        start = max(start, lastStart, isAnswer ? answerEnd : 0)
        let length = isAnswer ? Self.playing(utterance) : Self.speaking(utterance)
        let end = start + max(1, length ?? Self.reading(utterance))
        lastStart = start
        lastEnd = end
        if isAnswer { answerEnd = end }
        return start..<end
    }

    /// How long an answer was heard.
    private static func playing(_ utterance: Utterance) -> Int? {
        let heard = bounded(utterance.heardMs)
        guard let audio = bounded(utterance.audioMs), audio > 0 else { return heard }
        return min(audio, heard ?? audio)
    }

    /// How long the user spoke.
    private static func speaking(_ utterance: Utterance) -> Int? {
        guard utterance.modality != .text else { return nil }
        let isOurs = utterance.startedMs != nil
        let start = bounded(isOurs ? utterance.startedMs : utterance.audioStartMs)
        let end = bounded(isOurs ? utterance.endedMs : utterance.audioEndMs)
        if let start, let end, end > start { return end - start }
        return bounded(utterance.audioMs)
    }

    /// How long it takes to read: 60 ms a character, and a second at least.
    private static func reading(_ utterance: Utterance) -> Int {
        max(1000, 60 * min(utterance.text?.count ?? 0, 10_000))
    }

    private static func bounded(_ time: Int?) -> Int? {
        time.map { min(max($0, MediaTime.range.lowerBound), MediaTime.range.upperBound / 2) }
    }
}
