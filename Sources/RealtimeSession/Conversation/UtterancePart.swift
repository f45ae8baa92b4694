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
    /// The high surrogate that ``text`` ends with, as U+FFFD, until its other half comes.
    private var openSurrogate: UInt16?
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

    /// How many bytes of ``text`` will stay as they are: a character of which one half came is not among them.
    var settledCount: Int { text.count - (openSurrogate == nil ? 0 : Self.replacementCount) }

    /// Adds the words of a delta.
    ///
    /// - Parameter halves: The halves of characters that the delta's text was cut at.
    mutating func append(_ words: RawSpan, _ halves: SurrogateHalves, keepsText: Bool) {
        guard words.byteCount > 0 else { return }
        hasWords = true
        guard keepsText else { return }
        if let high = openSurrogate, let low = halves.leadingLow, let scalar = SurrogateHalves.scalar(high, low) {
            text.removeLast(Self.replacementCount)
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
            text.append(words.extracting(Self.replacementCount...))
        } else {
            text.append(words)
        }
        openSurrogate = halves.trailingHigh
    }

    /// The bytes of U+FFFD in UTF-8.
    private static let replacementCount = 3

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
        openSurrogate = nil
        text.append(words)
        return true
    }

    /// The words.
    var string: String { String(decoding: text, as: UTF8.self) }

    /// The words from a byte on that are settled.
    func settledString(from start: Int = 0) -> String {
        String(decoding: text[min(start, settledCount)..<settledCount], as: UTF8.self)
    }
}
