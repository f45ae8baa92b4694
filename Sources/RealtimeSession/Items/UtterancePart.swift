internal import EventJSON
internal import RealtimeEvents

/// What is known of one utterance: one content part of a message.
struct UtterancePart: Sendable {
    /// How an utterance ended.
    enum End: Sendable {
        case completed, interrupted, failed, incomplete
    }

    let contentIndex: Int
    var isSpoken: Bool
    /// The words in UTF-8, when anybody wants words at all.
    var text: [UInt8] = []
    var hasWords = false
    var audioBytes = 0
    /// nil while words may still come.
    var end: End?
    /// Whether `router.utterance.done` went out.
    var isDone = false
    var isTruncated = false
    var heardMs: Int?
    var updates = 0
    var revisions = 0
    var beganAt: Double?
    var endedAt: Double?
    var language: String?
    var confidence: Double?
    private(set) var segments: [UtteranceSegment] = []

    init(contentIndex: Int, isSpoken: Bool) {
        self.contentIndex = contentIndex
        self.isSpoken = isSpoken
    }

    /// Whether anything was said: an assistant's part without words and sound is no utterance.
    var hasContent: Bool { hasWords || audioBytes > 0 }

    /// Adds the words of a delta.
    mutating func append(_ words: RawSpan, keepsText: Bool) {
        guard words.byteCount > 0 else { return }
        hasWords = true
        if keepsText { text.append(words) }
    }

    /// Adds a piece of the words with its speaker.
    mutating func append(_ segment: UtteranceSegment) {
        if segments.count < Self.segmentLimit { segments.append(segment) }
    }

    /// More segments than any utterance has, so that an odd server cannot fill the memory with one.
    private static let segmentLimit = 1024

    /// Takes the whole text in place of what the deltas gave.
    ///
    /// A text that only repeats the beginning of what was generated takes nothing away: servers cut the item of an
    /// interrupted response. An empty text says nothing, because servers leave it out where they said it before.
    ///
    /// - Returns: whether the text is another one now.
    mutating func replace(_ words: RawSpan, keepsText: Bool, mayShorten: Bool) -> Bool {
        guard words.byteCount > 0 else { return false }
        hasWords = true
        guard keepsText else { return false }
        let isSame = text.starts(with: words)
        if isSame, words.byteCount == text.count || !mayShorten { return false }
        text.removeAll(keepingCapacity: true)
        text.append(words)
        return true
    }

    /// The words.
    var string: String { String(decoding: text, as: UTF8.self) }
}
