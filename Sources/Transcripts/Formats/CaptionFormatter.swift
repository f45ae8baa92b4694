import RealtimeEvents

/// Formats a session's utterances as captions.
///
/// Ignores a correction that arrives after its utterance was written.
struct CaptionFormatter: TranscriptFormatter {
    enum Style: Sendable {
        case vtt, srt
    }

    let style: Style
    private var buffer = CorrectionBuffer()
    private var timing = CaptionTiming()
    private var hasBegun = false
    private var number = 0

    init(style: Style) {
        self.style = style
    }

    mutating func entries(for record: TranscriptRecord) -> [String] {
        buffer.add(record).filter { !$0.isRevised }.flatMap { captions(of: $0) }
    }

    mutating func finish() -> [[String]] { buffer.finish().map { captions(of: $0) } }

    private mutating func captions(of record: TranscriptRecord) -> [String] {
        let captions = Caption.captions(of: record, in: timing.timeRange(of: record.utterance))
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

/// Computes when a session's utterances are shown, in milliseconds since it began.
///
/// The user's speech is shown from its start to its end, as the server reported them. An answer is shown for as long as
/// its audio plays, or until it was interrupted. Audio arrives faster than it plays, so an answer starts when the
/// previous answer is over. Typed text is shown for as long as it takes to read. An utterance without a start time
/// follows the previous one.
struct CaptionTiming: Sendable {
    /// The start of the previous utterance. A later utterance never starts before it.
    private var lastStart = 0
    private var lastEnd = 0
    private var answerEnd = 0

    mutating func timeRange(of utterance: Utterance) -> Range<Int> {
        let isAnswer = utterance.role != .user
        var start = Self.bounded(utterance.startedMs ?? utterance.audioStartMs) ?? lastEnd
        start = max(start, lastStart, isAnswer ? answerEnd : 0)
        let length = isAnswer ? Self.playbackDuration(utterance) : Self.speechDuration(utterance)
        let end = start + max(1, length ?? Self.readingDuration(utterance))
        lastStart = start
        lastEnd = end
        if isAnswer { answerEnd = end }
        return start..<end
    }

    /// The duration for which an answer was heard.
    private static func playbackDuration(_ utterance: Utterance) -> Int? {
        let heard = bounded(utterance.heardMs)
        guard let audio = bounded(utterance.audioMs), audio > 0 else { return heard }
        return min(audio, heard ?? audio)
    }

    /// The duration of the user's speech.
    private static func speechDuration(_ utterance: Utterance) -> Int? {
        guard utterance.modality != .text else { return nil }
        let isOurs = utterance.startedMs != nil
        let start = bounded(isOurs ? utterance.startedMs : utterance.audioStartMs)
        let end = bounded(isOurs ? utterance.endedMs : utterance.audioEndMs)
        if let start, let end, end > start { return end - start }
        return bounded(utterance.audioMs)
    }

    /// The time it takes to read the text: 60 ms per character, at least one second.
    private static func readingDuration(_ utterance: Utterance) -> Int {
        max(1000, 60 * min(utterance.text?.count ?? 0, 10_000))
    }

    private static func bounded(_ time: Int?) -> Int? {
        time.map { min(max($0, MediaTime.range.lowerBound), MediaTime.range.upperBound / 2) }
    }
}
